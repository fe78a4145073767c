package io.weir.reactive.session.stream;

import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.stream.ReceiveHalf;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.codec.CodecContract;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.loop.LoopSignal;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The subscription of {@code receive}: delivers elements on the loop, at once when there is demand and nothing is
 * queued, from the core's queue otherwise. An element counts as consumed when its onNext has returned.
 *
 * <p>Threads: request and cancel on any; everything else on the loop, guarded against re-entrancy by {@code delivering}.
 */
final class Receiver<T> implements Subscription, Scannable {

    private final InboundHalf inbound;
    private final CoreSubscriber<? super T> actual;
    private final Codec<T> codec;
    private final LoopSignal demanded;

    /** All that was ever asked for, capped: demand is this minus {@link #delivered}. */
    private volatile long requested;

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<Receiver> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(Receiver.class, "requested");

    private volatile boolean cancelled;
    private volatile boolean terminated;

    // loop-confined
    private long delivered;
    private boolean attached;
    private boolean delivering;
    private boolean endDue;
    private @Nullable RuntimeException end;

    Receiver(InboundHalf inbound, CoreSubscriber<? super T> actual, Codec<T> codec) {
        this.inbound = inbound;
        this.actual = actual;
        this.codec = codec;
        this.demanded = new LoopSignal(inbound.stream().session.loop(), this::drain);
    }

    boolean hasDemand() {
        return delivered < requested && !cancelled && !terminated;
    }

    /** Delivers the element now if there is demand; true when it was taken. */
    boolean offer(byte[] array, int offset, int length) {
        if (delivering || delivered >= requested || cancelled || terminated || !attached) {
            return false;
        }
        delivering = true;
        try {
            deliver(inbound.stream().session.view(array, offset, length, codec.keepsPayload()));
        } finally {
            delivering = false;
        }
        tellEnd();
        if (delivered >= requested) {
            noDemand();
        }
        return true;
    }

    /** Delivers what is queued, as far as demand goes. */
    void drain() {
        ReceiveHalf half = inbound.half();
        if (half == null || delivering || !attached) {
            return;
        }
        delivering = true;
        try {
            while (hasDemand()) {
                ByteBuffer payload = half.poll();
                if (payload == null) {
                    break;
                }
                int length = payload.remaining();
                deliver(payload);
                half.consumed(length);
            }
        } finally {
            delivering = false;
        }
        tellEnd();
        if (!terminated) {
            half.demand(hasDemand());
            inbound.endIfDrained();
        }
    }

    /** The end; one that arises inside onNext is told when that has returned (Reactive Streams 1.3). */
    void terminate(@Nullable RuntimeException why) {
        if (terminated || !attached) {
            // not attached: told when it is
            return;
        }
        terminated = true;
        end = why;
        endDue = true;
        if (!delivering) {
            tellEnd();
        }
    }

    private void tellEnd() {
        if (!endDue || cancelled) {
            return;
        }
        endDue = false;
        Fault.tellEnd(actual, end, inbound.stream().session);
    }

    /** The subscriber has its subscription: signals may come. */
    void onAttached() {
        attached = true;
    }

    private void deliver(ByteBuffer payload) {
        T value;
        try {
            value = CodecContract.decode(codec, payload);
        } catch (CodecException e) {
            inbound.stop(ErrorCode.DECODE_FAILED, e);
            return;
        } catch (Throwable e) {
            inbound.stream().session.thrown(e, currentContext());
            return;
        }
        delivered++;
        try {
            actual.onNext(value);
        } catch (Throwable e) {
            // a subscriber must not throw: it loses its half, and the session goes on unless the error is fatal
            cancel();
            Fault.thrownByOnNext(e, actual, inbound.stream().session);
        }
    }

    private void noDemand() {
        ReceiveHalf half = inbound.half();
        if (half != null) {
            half.demand(false);
        }
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            IllegalArgumentException bad = Fault.badDemand(n);
            inbound.stream().session.run(() -> {
                if (!terminated) {
                    RuntimeException failure = bad;
                    inbound.stop(ErrorCode.CANCELLED, failure);
                }
            });
            return;
        }
        Operators.addCap(REQUESTED, this, n);
        demanded.signal();
    }

    @Override
    public void cancel() {
        if (cancelled) {
            return;
        }
        cancelled = true;
        inbound.stream().session.run(() -> {
            if (!terminated) {
                inbound.stop(ErrorCode.CANCELLED, InboundHalf.stoppedHere(ErrorCode.CANCELLED));
            }
        });
    }

    Context currentContext() {
        return actual.currentContext();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested == Long.MAX_VALUE ? Long.MAX_VALUE : requested - delivered;
        }
        if (key == Attr.BUFFERED) {
            return inbound.pending();
        }
        if (key == Attr.TERMINATED) {
            return terminated;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
