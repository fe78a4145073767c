package io.weir.reactive.session.stream;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamStopped;
import io.weir.core.stream.CloseBehavior;
import io.weir.core.stream.SendHalf;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.session.loop.SessionContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The close of one stream, as its {@link CloseBehavior} says, from the first {@code close()} to its result. A drain is over
 * when the peer has consumed everything, whatever the reliability: that a fire-and-forget {@code send} completes when it is
 * written says nothing yet. Loop-confined but for {@link #result}.
 */
final class StreamClose {

    private final LiveStream stream;
    private final Sinks.Empty<Void> result = Sinks.empty();
    private @Nullable Disposable deadline;
    private boolean begun;
    private boolean done;

    /** What was sent is settled: consumed by the peer, unless it has stopped the half before. */
    private boolean settled;

    private @Nullable RuntimeException stopped;

    /** The half had been cut off before: whoever fed it knows, and closing has nothing to add. */
    private boolean failedBefore;

    StreamClose(LiveStream stream) {
        this.stream = stream;
    }

    /** Any thread. */
    Mono<Void> result() {
        return Barrier.mono(result.asMono(), stream.session);
    }

    void begin(Duration drainTimeout) {
        if (done) {
            return;
        }
        if (!begun) {
            begun = true;
            failedBefore = stream.outbound.cutOff() != null || stopped != null;
        }
        if (stream.ends.closeUnheard()) {
            finish(null);
        } else if (stream.config().closeBehavior() == CloseBehavior.DROP_AND_CLOSE) {
            stream.ends.abort(ErrorCode.STREAM_CLOSED);
            finish(null);
        } else {
            stream.ends.closeGracefully();
            check();
            await(drainTimeout);
        }
    }

    private void await(Duration drainTimeout) {
        SessionContext session = stream.session;
        CloseReason over = session.closeReason();
        if (over != null) {
            onSessionEnd(new SessionClosedException(over));
        } else if (!done && deadline == null) {
            deadline = session.timers().at(session.nowNanos() + drainTimeout.toNanos(), this::onTimeout);
            stream.streams.onClosing(this);
        }
    }

    private void onTimeout() {
        RuntimeException why = Feed.stoppedHere(ErrorCode.DRAIN_TIMEOUT);
        SendHalf half = stream.outbound.half();
        if (stream.outbound.isOver() && half != null) {
            half.reset(ErrorCode.DRAIN_TIMEOUT);
        }
        stream.outbound.reset(ErrorCode.DRAIN_TIMEOUT, why);
        finish(why);
    }

    /** The sending half has ended, or is settled: draws the conclusion. */
    void check() {
        OutboundHalf outbound = stream.outbound;
        if (!begun || done || !outbound.isOver()) {
            return;
        }
        RuntimeException failure = outbound.cutOff() != null ? outbound.cutOff() : stopped;
        if (failedBefore || failure == null && (settled || outbound.half() == null) || isLocalClose(failure)) {
            finish(null);
        } else if (failure != null) {
            finish(failure);
        }
    }

    /** The peer has consumed everything (null), or has stopped the half after its CLOSE. */
    void onSettled(@Nullable StreamStopped why) {
        settled = true;
        stopped = why;
        check();
    }

    /** The session is gone, and with it whatever would have told how the drain ends. */
    void onSessionEnd(SessionClosedException why) {
        if (begun && !done) {
            finish(why);
        }
    }

    private void finish(@Nullable RuntimeException failure) {
        if (done) {
            return;
        }
        done = true;
        if (deadline != null) {
            deadline.dispose();
            stream.streams.onClosed(this);
        }
        if (failure == null) {
            result.tryEmitEmpty();
        } else {
            result.tryEmitError(stream.named(failure));
        }
    }

    private static boolean isLocalClose(@Nullable RuntimeException failure) {
        return failure instanceof StreamStopped why && why.reason().equals(CloseReason.local(ErrorCode.STREAM_CLOSED));
    }
}
