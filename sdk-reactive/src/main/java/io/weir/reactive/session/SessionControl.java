package io.weir.reactive.session;

import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;

/**
 * The control lane of the session itself: one slot for each kind of frame, so that nothing piles up however much a peer
 * asks (PROTOCOL section 4, "answers have credit": at most one PONG is pending, the newest wins). Where frames may be lost,
 * HELLO, GOAWAY and END are said until they have come; the others say something of their moment only. Loop-confined.
 */
final class SessionControl {

    private final SaidFrame hello;
    private final SaidFrame goaway;
    private final SaidFrame end;
    private boolean helloSaid;
    private boolean pongDue;
    private long pongToken;
    private boolean heartbeatDue;
    private boolean endWritten;

    /** @param wake called when a frame is due again because it was lost */
    SessionControl(Runnable wake) {
        hello = new SaidFrame(wake);
        goaway = new SaidFrame(wake);
        end = new SaidFrame(wake);
    }

    void hello(Hello frame) {
        hello.say(frame);
        helloSaid = true;
    }

    /** HELLO is written or first in the queue. */
    boolean helloSaid() {
        return helloSaid;
    }

    /** Nothing new is taken any more. */
    void goaway(SessionFrame.Goaway frame) {
        goaway.say(frame);
    }

    void pong(long token) {
        pongDue = true;
        pongToken = token;
    }

    void heartbeat() {
        heartbeatDue = true;
    }

    /** The last frame; nothing follows it. */
    void end(long code) {
        if (!endWritten) {
            end.say(new SessionFrame.End(code));
        }
    }

    boolean endWritten() {
        return endWritten;
    }

    /** Writes what is due into a fresh record, which has room for all of it. */
    void write(FrameWriter record) {
        if (endWritten && !end.isDue()) {
            return;
        }
        hello.accompany(record); // whatever overtook it would come too early
        goaway.write(record);
        if (end.isDue()) {
            end.write(record);
            endWritten = true;
            return;
        }
        if (pongDue && helloSaid) { // a peer that is not admitted yet hears nothing
            pongDue = false;
            record.pong(pongToken);
        }
        if (heartbeatDue) {
            heartbeatDue = false;
            if (record.isBare()) {
                record.heartbeat();
            }
        }
    }
}
