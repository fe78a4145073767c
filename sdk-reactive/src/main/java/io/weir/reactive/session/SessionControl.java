package io.weir.reactive.session;

import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import org.jspecify.annotations.Nullable;

/**
 * The control lane of the session itself: one slot for each kind of frame, so that nothing piles up however much a peer
 * asks (PROTOCOL section 4, "answers have credit": at most one PONG is pending, the newest wins). Loop-confined.
 */
final class SessionControl {

    private @Nullable Hello hello;
    private boolean helloSaid;
    private SessionFrame.@Nullable Goaway goaway;
    private boolean pongDue;
    private long pongToken;
    private boolean heartbeatDue;
    private boolean endDue;
    private long endCode;
    private boolean endWritten;

    void hello(Hello frame) {
        hello = frame;
        helloSaid = true;
    }

    /** HELLO is written or first in the queue. */
    boolean helloSaid() {
        return helloSaid;
    }

    /** Nothing new is taken any more. */
    void goaway(SessionFrame.Goaway frame) {
        goaway = frame;
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
        endDue = true;
        endCode = code;
    }

    boolean endWritten() {
        return endWritten;
    }

    /** Writes what is due into a fresh record, which has room for all of it. */
    void write(FrameWriter record) {
        if (endWritten) {
            return;
        }
        Hello first = hello;
        if (first != null) {
            hello = null;
            record.write(first);
        }
        SessionFrame.Goaway leaving = goaway;
        if (leaving != null) {
            goaway = null;
            record.write(leaving);
        }
        if (endDue) {
            record.write(new SessionFrame.End(endCode));
            endWritten = true;
            return;
        }
        if (pongDue && helloSaid) { // a peer that is not admitted yet hears nothing
            pongDue = false;
            record.pong(pongToken);
        }
        if (heartbeatDue) {
            heartbeatDue = false;
            if (record.isEmpty()) {
                record.heartbeat();
            }
        }
    }
}
