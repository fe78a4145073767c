package io.weir.reactive.session.stream;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamEpoch;
import io.weir.reactive.session.dispatch.Seen;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which a stream ends from here:
 *
 * <pre>
 *                      sending half                        receiving half
 *   abort              RESET, now                          STOP, now
 *   closeGracefully    CLOSE, behind what was accepted     STOP, now
 *   fail               CLOSE(code), behind that; RESET,    STOP, now
 *                      now, if nothing was sent or said
 *   onHandlerDone      CLOSE, if nothing feeds it          STOP, if nothing takes from it
 *   refuse             STOP without an OPEN: the peer's offer is not taken
 *   closeUnheard, and abort where the peer has not heard of the stream: nothing is told
 * </pre>
 *
 * <p>The codes of both halves are decided before the end of either is told: what users do when they learn one must not choose
 * another for the other. Loop-confined.
 */
final class StreamEnds {

    private final LiveStream stream;
    private final OutboundHalf outbound;
    private final InboundHalf inbound;

    StreamEnds(LiveStream stream) {
        this.stream = stream;
        this.outbound = stream.outbound;
        this.inbound = stream.inbound;
    }

    /** Ends both halves at once. */
    void abort(ErrorCode code) {
        if (stream.retract()) {
            stream.endUnheard(code);
            return;
        }
        stream.activate();
        outbound.decideReset(code);
        inbound.decideStop(code);
        outbound.reset(code, Feed.stoppedHere(code));
        inbound.stop(code, InboundHalf.stoppedHere(code));
    }

    /** Ends the sending half after what has been accepted, and the receiving half now. */
    void closeGracefully() {
        if (!stream.isOver()) {
            stream.activate();
            inbound.decideStop(ErrorCode.STREAM_CLOSED);
            outbound.closeGracefully();
            inbound.stop(ErrorCode.STREAM_CLOSED, InboundHalf.stoppedHere(ErrorCode.STREAM_CLOSED));
        }
    }

    /**
     * The handler has failed: ends the sending half behind what it has sent, and the receiving half now.
     *
     * @param says what the handler wants the peer to hear in place of the code, which the sending half's end carries
     */
    void fail(ErrorCode code, @Nullable ApplicationException says) {
        if (!outbound.hasFeed() && says == null) {
            abort(code); // nothing can be lost
            return;
        }
        stream.activate();
        inbound.decideStop(code);
        outbound.failAfterAccepted(code, says, Feed.stoppedHere(code));
        inbound.stop(code, InboundHalf.stoppedHere(code));
    }

    /** The handler is done: closes what it left open and unused. */
    void onHandlerDone() {
        if (!outbound.hasFeed()) {
            outbound.closeGracefully();
        }
        if (!inbound.hasReceiver()) {
            inbound.stop(ErrorCode.CANCELLED, InboundHalf.stoppedHere(ErrorCode.CANCELLED));
        }
    }

    /** Refuses a stream that the peer offered. */
    void refuse(ErrorCode code) {
        StreamEpoch incoming = stream.epoch();
        if (incoming != null && stream.isUnclaimed()) {
            stream.streams.table().refuse(incoming, code);
            stream.endBoth(code);
        }
    }

    /** The peer has taken back an offer that nobody had used, or too many waited. */
    void withdrawn() {
        stream.endBoth(ErrorCode.UNCLAIMED);
    }

    private @Nullable RuntimeException failure() {
        RuntimeException sending = outbound.failure();
        return sending != null ? sending : inbound.failure();
    }

    /** How both halves have ended, as {@link io.weir.reactive.NodeObserver#onStreamEnded} tells it. */
    CloseReason reason() {
        RuntimeException failure = failure();
        if (failure == null) {
            return CloseReason.local(ErrorCode.NONE);
        }
        if (!(failure instanceof WeirException known)) {
            return CloseReason.local(Feed.codeOf(failure));
        }
        CloseReason reason = known.reason();
        if (reason.error() != ErrorCode.NONE) {
            return reason;
        }
        // the good order is the session's, which has taken the stream along
        return reason.origin() == Origin.LOCAL
                ? CloseReason.local(ErrorCode.STREAM_CLOSED)
                : CloseReason.remote(ErrorCode.STREAM_CLOSED);
    }

    /** Tells an interceptor how both halves have ended. */
    void tell(Seen seen) {
        RuntimeException failure = failure();
        if (failure == null) {
            seen.succeeded();
        } else if (failure instanceof WeirException known && isGivenUpHere(known.reason())) {
            seen.cancelled();
        } else {
            seen.failed(failure);
        }
    }

    /** Why the sending half takes nothing more, or the session nothing any more; null while they do. Any thread. */
    @Nullable
    CloseReason sendingReason() {
        if (!outbound.isClosing()) {
            return stream.session.endReason();
        }
        RuntimeException failure = outbound.failure();
        if (failure == null) {
            return CloseReason.local(ErrorCode.NONE);
        }
        return failure instanceof WeirException known ? known.reason() : CloseReason.local(ErrorCode.CANCELLED);
    }

    private static boolean isGivenUpHere(CloseReason reason) {
        return reason.origin() == Origin.LOCAL
                && (reason.error() == ErrorCode.CANCELLED || reason.error() == ErrorCode.STREAM_CLOSED);
    }

    /** Closes it if nobody has to be told or waited for: the peer has not heard of it, and {@code trySend} accepted nothing. */
    boolean closeUnheard() {
        boolean unheard = !(outbound.feed() instanceof OfferFeed) && stream.retract();
        if (unheard) {
            stream.endUnheard(ErrorCode.STREAM_CLOSED);
        }
        return unheard;
    }
}
