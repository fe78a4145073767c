package io.weir.reactive.operator;

import io.weir.core.peer.Liveness;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * What the two operators on {@link Liveness} share: elements pass as they are, and an {@link Alarm} is the side input.
 * Serialised by the drain loop of {@link SerialSubscriber}. Three counts tell where each element is:
 *
 * <pre>
 *   passed          arrived            asked
 *   |----- held ------|--- outstanding ---|
 * </pre>
 */
abstract class TimedSubscriber<T> extends SerialSubscriber<T, Alarm> {

    /** What the source is asked for at once, and so the most that is held. */
    static final int MOST_ASKED = 256;

    private static final int QUEUE_CHUNK = 64;

    /** The drain's, but for its clock. */
    final Alarm alarm;

    /** The drain's. */
    final Liveness liveness;

    /** The source's thread offers, the drain polls. It never holds more than was asked for. */
    private final Queue<T> queue = Queues.<T>unbounded(QUEUE_CHUNK).get();

    // Written by the source.
    private volatile long arrived;

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<TimedSubscriber> ARRIVED =
            AtomicLongFieldUpdater.newUpdater(TimedSubscriber.class, "arrived");

    // Owned by the drain; the volatile ones are also read elsewhere.
    private @Nullable Subscription source;
    private volatile long asked;
    private volatile long passed;

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<TimedSubscriber> PASSED =
            AtomicLongFieldUpdater.newUpdater(TimedSubscriber.class, "passed");

    TimedSubscriber(CoreSubscriber<? super T> actual, Alarm alarm, Liveness liveness) {
        super(actual, alarm);
        this.alarm = alarm;
        this.liveness = liveness;
    }

    // ---- what the operator adds, in the drain

    /**
     * Acts on the time, and says by {@link #wakeAt} when to do so again.
     *
     * @param emitted whether elements have passed in this turn
     * @param rang whether the alarm has
     */
    abstract void onTurn(boolean emitted, boolean rang);

    // ---- from the source and the alarm

    @Override
    final void onReady(Subscription s) {
        source = s;
        drain();
    }

    @Override
    final void arrive(T value) {
        if (arrived >= asked) {
            throw Exceptions.failWithOverflow("source emitted more than was requested");
        }
        ARRIVED.lazySet(this, arrived + 1);
        queue.offer(value);
    }

    @Override
    public final void onSide(Alarm rung) {
        drain();
    }

    @Override
    public final void onSideComplete() {}

    // ---- the drain

    @Override
    final void turn() {
        // Read before what they follow, so that nothing which came earlier is overlooked.
        boolean sourceDone = sourceDone();
        Throwable first = failure();
        if (first != null) {
            finish(first);
            return;
        }
        boolean rang = alarm.hasRung();
        boolean emitted = pass();
        if (ended()) {
            discardHeld();
        } else if (sourceDone && queue.isEmpty()) {
            finish(sourceError());
        } else {
            ask(sourceDone);
            onTurn(emitted, rang);
        }
    }

    private boolean pass() {
        long demand = requested();
        long emitted = 0;
        T value;
        while (emitted != demand && !ended() && (value = queue.poll()) != null) {
            PASSED.lazySet(this, passed + 1);
            actual.onNext(value);
            emitted++;
        }
        if (emitted != 0) {
            produced(emitted);
        }
        return emitted != 0;
    }

    /** Never for all at once: a source may answer within the call, and what comes then has to be held. */
    private void ask(boolean sourceDone) {
        Subscription s = source;
        if (s == null || sourceDone || outstanding() > MOST_ASKED / 4) {
            return;
        }
        long n = Math.min(requested(), MOST_ASKED) - (asked - passed);
        if (n > 0) {
            asked = asked + n;
            ask(s, n);
        }
    }

    @Override
    final void discardHeld() {
        Operators.onDiscardQueueWithClear(queue, currentContext(), null);
        PASSED.lazySet(this, arrived);
    }

    // ---- for the operator, in the drain

    /** Calls {@link #onTurn} at that time or before. */
    final void wakeAt(long atNanos) {
        if (ended()) {
            return;
        }
        try {
            alarm.at(atNanos);
        } catch (RejectedExecutionException e) {
            finishThrown(e);
        }
    }

    /** Elements asked for that have not arrived. */
    final long outstanding() {
        return asked - arrived;
    }

    /** Elements that have arrived so far. */
    final long arrived() {
        return arrived;
    }

    // ---- queries

    @Override
    final int buffered() {
        return (int) (arrived - passed);
    }

    @Override
    final int prefetch() {
        return 0;
    }
}
