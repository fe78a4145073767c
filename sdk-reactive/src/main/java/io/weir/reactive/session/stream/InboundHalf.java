package io.weir.reactive.session.stream;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.stream.ReceiveHalf;
import io.weir.reactive.codec.Codec;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The receiving half of a stream: joins the core's {@link ReceiveHalf}, which queues and grants, with the one subscriber
 * that takes. Loop-confined but for {@link #receive} and the subscriber's request and cancel.
 */
final class InboundHalf {

    private final LiveStream stream;

    private volatile @Nullable Receiver<?> receiver;

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<InboundHalf, @Nullable Receiver> RECEIVER =
            AtomicReferenceFieldUpdater.newUpdater(InboundHalf.class, Receiver.class, "receiver");

    private @Nullable ReceiveHalf half;
    private boolean stopRequested;
    private volatile boolean over;
    private volatile boolean ending; // no more elements will come; what is queued is still delivered
    private @Nullable RuntimeException failure; // written before over or ending
    private @Nullable Disposable discarding;

    InboundHalf(LiveStream stream) {
        this.stream = stream;
    }

    /** The half as a Flux. Any thread. */
    <T> Flux<T> receive(Codec<T> codec) {
        return new FluxReceive<>(this, codec);
    }

    /** Subscribes the one receiver; a later one gets the end, if there is one. Any thread. */
    <T> void subscribe(CoreSubscriber<? super T> actual, Codec<T> codec) {
        Receiver<T> candidate = new Receiver<>(this, actual, codec);
        if (RECEIVER.compareAndSet(this, null, candidate)) {
            onSubscribe(actual, candidate);
            stream.session.run(() -> {
                candidate.onAttached();
                if (!over || stream.isUnclaimed()) {
                    stream.activate();
                    candidate.drain();
                }
                if (over) {
                    // the half ended while it had nobody to tell
                    candidate.terminate(failure);
                }
            });
        } else {
            stream.session.run(() -> latecomer(actual));
        }
    }

    /** A subscriber that fails with its subscription wants nothing: the peer learns it, and the caller what was thrown. */
    private void onSubscribe(CoreSubscriber<?> actual, Receiver<?> candidate) {
        try {
            actual.onSubscribe(candidate);
        } catch (Throwable e) {
            candidate.cancel();
            stream.session.thrownToCaller(e);
            throw e;
        }
    }

    private void latecomer(CoreSubscriber<?> actual) {
        if (!over) {
            Operators.error(
                    actual,
                    new IllegalStateException(stream + " has a subscriber already, and a stream has one; subscribe(\""
                            + stream.open().name() + "\", codec) opens a stream for each"));
        } else if (failure != null) {
            Operators.error(actual, failure);
        } else {
            Operators.complete(actual);
        }
    }

    LiveStream stream() {
        return stream;
    }

    @Nullable
    ReceiveHalf half() {
        return half;
    }

    boolean hasReceiver() {
        return receiver != null;
    }

    /** Why the half ended early; null while it lives or when it ended well. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    boolean isOver() {
        return over;
    }

    int pending() {
        ReceiveHalf h = half;
        return h == null ? 0 : h.pending();
    }

    void bind(ReceiveHalf receiveHalf) {
        half = receiveHalf;
        if (stopRequested) {
            receiveHalf.stop(ErrorCode.CANCELLED);
            return;
        }
        Receiver<?> r = receiver;
        if (r != null) {
            receiveHalf.demand(r.hasDemand());
        }
    }

    /** The stream was taken back before the peer heard of it. */
    void unbind() {
        half = null;
        stopRequested = over;
    }

    /** An element, offered at once: true if it was taken and its onNext has returned. */
    boolean onElement(byte[] array, int offset, int length) {
        Receiver<?> r = receiver;
        return r != null && r.offer(array, offset, length);
    }

    /** Elements have been queued or demand has come. */
    void drain() {
        Receiver<?> r = receiver;
        if (r != null) {
            r.drain();
        }
    }

    /** Ends the half now, discards what is queued and tells the peer. */
    void stop(ErrorCode code, @Nullable RuntimeException why) {
        if (over) {
            return;
        }
        decideStop(code);
        end(why);
        stream.onGivenUp();
    }

    /** Goes before {@link #stop}: what users do when they learn an end must not choose another code. */
    void decideStop(ErrorCode code) {
        if (over) {
            return;
        }
        if (half != null) {
            half.stop(code);
        } else {
            stopRequested = true;
        }
    }

    /** The half has ended: complete, or fail with this. */
    void end(@Nullable RuntimeException why) {
        if (over) {
            return;
        }
        failure = why == null ? null : stream.named(why);
        over = true;
        if (discarding != null) {
            discarding.dispose();
        }
        if (why != null) {
            stream.onHalfFailed();
        }
        Receiver<?> r = receiver;
        if (r != null) {
            r.terminate(why);
        }
        stream.onHalfOver();
    }

    /** Ends a half of a stream that was never used. Any thread, before others know of the stream. */
    void endUnused(RuntimeException why) {
        failure = stream.named(why);
        over = true;
    }

    /** The session is gone: deliver what is queued, then end as the peer had closed the half, else fail. */
    void endAfterQueue(RuntimeException why) {
        if (over || ending) {
            return;
        }
        failure = stream.named(why);
        ending = true;
        endIfDrained();
        Receiver<?> r = receiver;
        if (r != null) {
            r.drain();
        }
        if (!over) {
            // whoever takes it may still come, but not for ever: it holds the node's memory
            discarding = stream.session.later(stream.session.limits().drainTimeout(), this::discardAndEnd);
        }
    }

    private void discardAndEnd() {
        if (!over) {
            ReceiveHalf h = half;
            if (h != null) {
                h.stop(ErrorCode.CANCELLED);
            }
            end(failure);
        }
    }

    void endIfDrained() {
        if (ending && !over && pending() == 0) {
            ReceiveHalf h = half;
            end(h != null && h.closed() ? told(h.closeCode()) : failure);
        }
    }

    /** The peer has ended the half with this code. */
    void endTold(long code) {
        end(told(code));
    }

    /** What the subscriber gets when the peer has ended the half with this code; null, completion, for 0. */
    private @Nullable RuntimeException told(long code) {
        ReceiveHalf h = half;
        if (h != null && ErrorCode.isApplications(code)) {
            return h.detailOf(code).toException(code);
        }
        return code == ErrorCode.NONE.number() ? null : new StreamReset(CloseReason.remote(code));
    }

    static StreamReset stoppedHere(ErrorCode code) {
        return new StreamReset(CloseReason.local(code));
    }

    /** {@code receive} as an assembly object. */
    private static final class FluxReceive<T> extends Flux<T> {
        private final InboundHalf inbound;
        private final Codec<T> codec;

        FluxReceive(InboundHalf inbound, Codec<T> codec) {
            this.inbound = inbound;
            this.codec = codec;
        }

        @Override
        public void subscribe(CoreSubscriber<? super T> actual) {
            inbound.subscribe(actual, codec);
        }
    }
}
