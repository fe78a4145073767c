package io.weir.reactive.operator;

import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * What the operators share that ask their source batch by batch: what has come waits in a queue until the drain of
 * {@link SerialSubscriber} takes it. Three counts tell where each element is:
 *
 * <pre>
 *   taken           arrived            asked
 *   |---- queued -----|--- outstanding ---|
 * </pre>
 *
 * @param <I> the elements that come
 * @param <O> the elements that go
 * @param <V> the side input's values
 */
abstract class QueuedSubscriber<I, O, V> extends SerialSubscriber<I, O, V> {

    /** What the source is asked for at once, and so the most that is queued. */
    static final int MOST_ASKED = 256;

    private static final int QUEUE_CHUNK = 16;

    /** The source's thread offers, the drain polls. It never holds more than was asked for. */
    private final Queue<I> queue = Queues.<I>unbounded(QUEUE_CHUNK).get();

    // Written by the source.
    private volatile long arrived;

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<QueuedSubscriber> ARRIVED =
            AtomicLongFieldUpdater.newUpdater(QueuedSubscriber.class, "arrived");

    // Owned by the drain; the volatile ones are also read elsewhere.
    private @Nullable Subscription source;
    /** What has come last, where the source found the drain and the queue empty: most elements never see the queue. */
    private @Nullable I direct;

    private volatile long asked;
    private volatile long taken;

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<QueuedSubscriber> TAKEN =
            AtomicLongFieldUpdater.newUpdater(QueuedSubscriber.class, "taken");

    QueuedSubscriber(CoreSubscriber<? super O> actual, Publisher<V> sidePublisher) {
        super(actual, sidePublisher);
    }

    // ---- from the source

    @Override
    final void onReady(Subscription s) {
        source = s;
        drain();
    }

    @Override
    final void arrive(I value) {
        count();
        queue.offer(value);
    }

    @Override
    final void arriveInDrain(I value) {
        count();
        if (direct == null && queue.isEmpty()) {
            direct = value;
        } else {
            queue.offer(value);
        }
    }

    private void count() {
        if (arrived >= asked) {
            throw Exceptions.failWithOverflow("source emitted more than was requested");
        }
        ARRIVED.lazySet(this, arrived + 1);
    }

    // ---- for the operator, in the drain

    /** The next element that has come; null if there is none. */
    final @Nullable I take() {
        I value = direct;
        if (value == null) {
            value = queue.poll();
        } else {
            direct = null;
        }
        if (value != null) {
            TAKEN.lazySet(this, taken + 1);
        }
        return value;
    }

    final boolean nothingQueued() {
        return direct == null && queue.isEmpty();
    }

    /**
     * Sees to it that so many elements are queued or on their way, once three quarters of a batch have come. Never for all at
     * once: a source may answer within the call, and what comes then has to be held.
     */
    final void keepAsked(long elements) {
        Subscription s = source;
        if (s == null || sourceDone() || outstanding() > MOST_ASKED / 4) {
            return;
        }
        long n = Math.min(elements, MOST_ASKED) - (asked - taken);
        if (n > 0) {
            asked = asked + n;
            ask(s, n);
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

    /** Lets the alarm ring at that time or before; a scheduler that refuses fails the flux. */
    final void wakeAt(Alarm alarm, long atNanos) {
        if (ended()) {
            return;
        }
        try {
            alarm.at(atNanos);
        } catch (RejectedExecutionException e) {
            finishThrown(e);
        }
    }

    @Override
    void discardHeld() {
        I last = direct;
        if (last != null) {
            direct = null;
            Operators.onDiscard(last, currentContext());
        }
        Operators.onDiscardQueueWithClear(queue, currentContext(), null);
        TAKEN.lazySet(this, arrived);
    }

    // ---- queries

    @Override
    int buffered() {
        return (int) (arrived - taken);
    }

    @Override
    final int prefetch() {
        return 0;
    }
}
