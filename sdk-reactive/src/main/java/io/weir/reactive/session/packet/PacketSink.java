package io.weir.reactive.session.packet;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.Lane;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * The end of the inbound chain: gives each packet's frames to the session, until the peer breaks a rule or the carrier is closed;
 * what comes after that is only absorbed. Loop-confined.
 */
final class PacketSink implements CoreSubscriber<InboundPacket> {

    private final FrameSink session;
    private boolean shut;

    PacketSink(FrameSink session) {
        this.session = session;
    }

    /** Whether anything is told. */
    boolean isOpen() {
        return !shut;
    }

    /** Nothing is told any more. */
    void shut() {
        shut = true;
    }

    /** The peer broke a rule of packets. */
    void violated(ErrorCode error, String problem) {
        if (!shut) {
            shut = true;
            session.onViolation(error, problem);
        }
    }

    @Override
    public void onSubscribe(Subscription s) {
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(InboundPacket packet) {
        if (shut) {
            return;
        }
        session.onHeard(packet.length());
        if (!shut
                && packet.length() > 0
                && !session.onFrames(Lane.MERGED, packet.frames(), packet.length(), packet.own())) {
            shut = true;
        }
    }

    @Override
    public void onError(Throwable defect) {
        if (!shut) {
            shut = true;
            session.onDefect(defect);
        }
    }

    /** The carrier has ended the chain itself. */
    @Override
    public void onComplete() {}
}
