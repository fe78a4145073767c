package io.weir.reactive.operator;

import io.weir.reactive.fault.Fault;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What an operator with a side input does whatever its machine is: it takes signals of three origins (source, side
 * input, subscriber), and makes one serial, rule-abiding sequence of them.
 *
 * <p>Serialisation: a work-in-progress drain loop. Every signal writes what it alone owns and then calls
 * {@link #drain()}; whoever moves {@code wip} from 0 works for all until nothing is missed. What {@link #turn()} touches
 * belongs to the drain.
 *
 * @param <I> the elements that come
 * @param <O> the elements that go
 * @param <V> the side input's values
 */
abstract class SerialSubscriber<I, O, V> implements CoreSubscriber<I>, Subscription, Scannable, SideInput.Owner<V> {

    final CoreSubscriber<? super O> actual;

    private final Publisher<V> sidePublisher;
    private final SideInput<V> side = new SideInput<>(this);
    private @Nullable Subscription source;

    // Written by the source.
    private volatile boolean done;

    /** Written before {@code done}; from then on the drain's. */
    private @Nullable Throwable error;

    // Written by the subscriber.
    private volatile long requested;

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<SerialSubscriber> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(SerialSubscriber.class, "requested");

    private volatile boolean cancelled;

    // Written by anyone, the first wins; ends the flux ahead of everything held. Once finished: how it ended.
    private volatile @Nullable Throwable failure;

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<SerialSubscriber, @Nullable Throwable> FAILURE =
            AtomicReferenceFieldUpdater.newUpdater(SerialSubscriber.class, Throwable.class, "failure");

    /** Starts as if somebody worked, so that nothing moves before all inputs are subscribed to. */
    private volatile int wip = 1;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<SerialSubscriber> WIP =
            AtomicIntegerFieldUpdater.newUpdater(SerialSubscriber.class, "wip");

    // Written by the drain.
    private volatile boolean finished;

    SerialSubscriber(CoreSubscriber<? super O> actual, Publisher<V> sidePublisher) {
        this.actual = actual;
        this.sidePublisher = sidePublisher;
    }

    // ---- what the operator adds

    /** All inputs are subscribed to, and nothing has ended yet. */
    void onReady(Subscription source) {}

    /** Takes an element, on the source's thread. What it throws fails the flux in place of the element. */
    abstract void arrive(I value);

    /** The same, in the drain, whose turn follows. */
    void arriveInDrain(I value) {
        arrive(value);
    }

    /** Works off everything that has changed. Called by the drain, unless the flux has ended. */
    abstract void turn();

    /** Everything that brings signals stops now: the operator's own timers too. From any thread; may be called again. */
    void onStopped() {}

    /** Discards every element held. Called by the drain; may be called again. */
    abstract void discardHeld();

    abstract int buffered();

    abstract int prefetch();

    // ---- from the source

    @Override
    public final void onSubscribe(Subscription s) {
        if (Operators.validate(source, s)) {
            source = s;
            try {
                actual.onSubscribe(this);
            } catch (Throwable t) {
                s.cancel(); // nobody is there to do it
                throw t;
            }
            side.subscribeTo(sidePublisher);
            drainLoop();
            if (!ended()) {
                onReady(s);
            }
        }
    }

    /** The source gave null, which is told to it and fails the flux. */
    private NullPointerException brokenBy(String signal) {
        NullPointerException e = Fault.nullSignal(signal);
        if (!done) {
            fail(e);
        }
        return e;
    }

    @Override
    public final void onNext(I value) {
        if (value == null) {
            throw brokenBy("onNext");
        }
        if (done || finished || failure != null) {
            Operators.onNextDropped(value, currentContext());
            return;
        }
        if (cancelled) {
            Operators.onDiscard(value, currentContext());
            return;
        }
        boolean inDrain = WIP.compareAndSet(this, 0, 1);
        Throwable thrown = null;
        try {
            if (inDrain) {
                arriveInDrain(value);
            } else {
                arrive(value);
            }
        } catch (Throwable t) {
            thrown = t;
            error = Fault.asSignal(source, t, value, currentContext());
            done = true;
            Operators.onDiscard(value, currentContext());
        }
        if (inDrain) {
            drainLoop();
        } else {
            drain();
        }
        if (thrown != null) {
            throwOn(thrown);
        }
    }

    @Override
    public final void onError(Throwable t) {
        if (t == null) {
            throw brokenBy("onError");
        }
        if (done || finished || cancelled) {
            Fault.report(t, currentContext());
            return;
        }
        error = t;
        done = true;
        drain();
    }

    @Override
    public final void onComplete() {
        if (!done) {
            done = true;
            drain();
        }
    }

    // ---- from the side input

    @Override
    public final void onSideError(Throwable t) {
        fail(t);
    }

    // ---- from the subscriber

    @Override
    public final void request(long n) {
        if (n > 0) {
            Operators.addCap(REQUESTED, this, n);
            drain();
        } else if (!ended()) {
            fail(Exceptions.nullOrNegativeRequestException(n));
        }
    }

    @Override
    public final void cancel() {
        if (!cancelled) {
            cancelled = true;
            stopInputs();
            drain();
        }
    }

    // ---- for the operator

    /**
     * As {@link io.weir.reactive.serial.SerialDrain}, but written out: it is called for each element, and what a turn throws
     * ends it for good.
     */
    final void drain() {
        if (WIP.getAndIncrement(this) == 0) {
            drainLoop();
        }
    }

    /**
     * Ends the flux ahead of everything held; the second to come is dropped. From any thread: the inputs stop at once,
     * even if the drain is held up in a slow subscriber.
     */
    final void fail(Throwable t) {
        if (cancelled || finished || !FAILURE.compareAndSet(this, null, t)) {
            Fault.report(t, currentContext());
            return;
        }
        stopInputs();
        drain();
    }

    /** Ends the flux because user code threw. In the drain. */
    final void finishThrown(Throwable t) {
        finish(Fault.asSignal(source, t, null, currentContext()));
        throwOn(t);
    }

    /** Whoever is downstream is told, or will be; a fatal error is not only for them. */
    private static void throwOn(Throwable t) {
        if (Fault.isFatal(t)) {
            Fault.throwOn(t);
        }
    }

    /** Ends the flux; null is completion. In the drain; the second time it does nothing. */
    final void finish(@Nullable Throwable t) {
        if (finished) {
            return;
        }
        finished = true;
        Throwable other = FAILURE.getAndSet(this, t == null ? Exceptions.TERMINATED : t);
        if (other != null && other != t) {
            Fault.report(other, currentContext());
        }
        stopInputs();
        discardHeld();
        dropLateError();
        if (t == null) {
            actual.onComplete();
        } else {
            actual.onError(t);
        }
    }

    /** Asks the source; one that throws at that fails the flux. */
    final void ask(Subscription s, long elements) {
        try {
            s.request(elements);
        } catch (Throwable t) {
            fail(Fault.asSignal(s, t, null, currentContext()));
            throwOn(t);
        }
    }

    final void produced(long elements) {
        Operators.produced(REQUESTED, this, elements);
    }

    final long requested() {
        return requested;
    }

    /** Whether the source has ended: nothing more arrives, and what has is visible. */
    final boolean sourceDone() {
        return done;
    }

    /** What the source ended with; null for completion. Once it is done. */
    final @Nullable Throwable sourceError() {
        return error;
    }

    final @Nullable Throwable failure() {
        return failure;
    }

    /** Whether the subscriber has cancelled or got its terminal signal. */
    final boolean ended() {
        return cancelled || finished;
    }

    // ---- within

    private void drainLoop() {
        int missed = 1;
        do {
            if (ended()) {
                discardHeld();
                dropLateError();
            } else {
                turnOrAbandon();
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    /** A subscriber that throws has heard its last: the inputs stop, and whoever called gets what it threw. */
    private void turnOrAbandon() {
        try {
            turn();
        } catch (Throwable t) {
            cancelled = true;
            stopInputs();
            int missed = wip;
            do {
                discardHeld();
                missed = WIP.addAndGet(this, -missed);
            } while (missed != 0);
            throw t;
        }
    }

    /** An error of the source that came too late to be the end. */
    private void dropLateError() {
        Throwable late = finished && done ? error : null;
        if (late != null && late != failure) {
            error = null;
            Fault.report(late, currentContext());
        }
    }

    private void stopInputs() {
        if (!done) {
            Fault.cancel(Objects.requireNonNull(source), currentContext(), Fault::report);
        }
        side.cancel();
        onStopped();
    }

    // ---- queries

    @Override
    public final Context currentContext() {
        return actual.currentContext();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public final @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.BUFFERED) {
            return buffered();
        }
        if (key == Attr.PREFETCH) {
            return prefetch();
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.TERMINATED) {
            return finished;
        }
        if (key == Attr.ERROR) {
            Throwable first = failure;
            return first == null ? error : first == Exceptions.TERMINATED ? null : first;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
