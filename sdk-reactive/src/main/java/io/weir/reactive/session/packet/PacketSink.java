package io.weir.reactive.session.packet;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.Lane;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * The end of the inbound chain: gives each packet's frames to the session, until the peer breaks a rule; what comes after that is
 * only absorbed. And what else the session is told, until the carrier is closed, each once that is to be told once. Loop-confined.
 */
final class PacketSink implements CoreSubscriber<InboundPacket> {

    /** Null before the start, and once the carrier is closed. */
    private @Nullable FrameSink session;

    private boolean shut;
    private boolean flushed;
    private boolean lost;

    /** The session listens from now on. */
    void start(FrameSink told) {
        session = told;
    }

    /** Whether anybody listens. */
    boolean isListening() {
        return session != null;
    }

    /** Nothing is told any more. */
    void close() {
        session = null;
    }

    /** Packets have come. */
    void onInput() {
        FrameSink told = session;
        if (told != null) {
            told.onInput();
        }
    }

    /** As {@link FrameSink#keepsFrames}. */
    boolean keepsFrames() {
        FrameSink told = session;
        return told != null && told.keepsFrames();
    }

    /** The peer broke a rule of packets, or can be told nothing more. */
    void violated(ErrorCode error, String problem) {
        FrameSink told = session;
        if (told != null && !shut) {
            shut = true;
            told.onViolation(error, problem);
        }
    }

    /** As {@link FrameSink#onFatesTold}. */
    void fatesTold() {
        FrameSink told = session;
        if (told != null) {
            told.onFatesTold();
        }
    }

    /** The peer is at another address. */
    void moved(SocketAddress to) {
        FrameSink told = session;
        if (told != null) {
            told.onMoved(to);
        }
    }

    /** As {@link FrameSink#onMoveUnproven}. */
    void moveUnproven() {
        FrameSink told = session;
        if (told != null) {
            told.onMoveUnproven();
        }
    }

    /** END has left, or nothing more can. */
    void flushed() {
        FrameSink told = session;
        if (told != null && !flushed) {
            flushed = true;
            told.onFlushed();
        }
    }

    /** The peer is gone, or has all of what was said. */
    void lost(@Nullable Throwable failure) {
        FrameSink told = session;
        if (told != null && !lost) {
            lost = true;
            told.onLost(failure);
        }
    }

    // ---- the subscriber

    @Override
    public void onSubscribe(Subscription s) {
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(InboundPacket packet) {
        FrameSink told = session;
        if (told == null || shut) {
            return;
        }
        told.onHeard(packet.length());
        boolean goesOn = session == null
                || packet.length() == 0
                || told.onFrames(Lane.MERGED, packet.frames(), packet.length(), packet.own());
        shut |= !goesOn;
    }

    /** Something threw where it must not, in either chain. */
    @Override
    public void onError(Throwable defect) {
        FrameSink told = session;
        if (told != null) {
            told.onDefect(defect);
        }
    }

    /** The carrier has ended the chain itself. */
    @Override
    public void onComplete() {}
}
