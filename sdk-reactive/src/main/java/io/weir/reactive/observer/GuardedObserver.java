package io.weir.reactive.observer;

import io.weir.core.schedule.TokenBucket;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.fault.Fault;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import reactor.util.context.Context;

/**
 * One observer, of which nothing gets out that it throws, and which is told of in the log when it throws or takes long, as
 * often as a reader can bear. Any thread.
 */
final class GuardedObserver {

    /**
     * An observer that takes more of a {@link #WINDOW_NANOS window} is slow: so much in one call, or in many. A single call that
     * takes a few ms may only have lost its processor to somebody else.
     */
    static final long MOST_NANOS = 500_000_000;

    static final long WINDOW_NANOS = 10_000_000_000L;

    /**
     * Of the calls that come with each record one in so many is timed, by chance, and stands for as many: a reading of the clock
     * takes longer than what an observer mostly does.
     */
    static final int ONE_IN = 8;

    /** This call is not timed. */
    private static final long UNTIMED = Long.MIN_VALUE;

    /** Warnings at once. */
    private static final int BURST = 10;

    /** Then one in so long. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final NodeObserver observer;
    private final LongSupplier nanoTime;
    private final IntSupplier random;
    private final Logger log;
    private final AtomicReference<TokenBucket> thrown;
    private final AtomicReference<TokenBucket> slow;
    private final AtomicLong spentNanos = new AtomicLong(); // in this window
    private volatile long windowBegunNanos;

    /** @param random any int, each as likely; on any thread */
    GuardedObserver(NodeObserver observer, LongSupplier nanoTime, IntSupplier random, Logger log) {
        this.observer = observer;
        this.nanoTime = nanoTime;
        this.random = random;
        this.log = log;
        windowBegunNanos = nanoTime.getAsLong();
        thrown = new AtomicReference<>(TokenBucket.full(BURST, INTERVAL.toNanos(), windowBegunNanos));
        slow = new AtomicReference<>(TokenBucket.full(1, INTERVAL.toNanos(), windowBegunNanos));
    }

    void tell(Consumer<NodeObserver> event) {
        long begun = begin();
        try {
            event.accept(observer);
        } catch (Throwable e) {
            onThrown(e);
        }
        end(begun);
    }

    // ---- its parts, for events that come too often to be objects

    /** When the call begins, to be given to {@link #end}. */
    long begin() {
        return nanoTime.getAsLong();
    }

    /** The same of one that comes with each record, to be given to {@link #endOften}. */
    long beginOften() {
        return (random.getAsInt() & ONE_IN - 1) == 0 ? begin() : UNTIMED;
    }

    NodeObserver observer() {
        return observer;
    }

    /** The call that has begun then is over. */
    void end(long begunNanos) {
        long now = nanoTime.getAsLong();
        count(begunNanos, now - begunNanos, now);
    }

    void endOften(long begunNanos) {
        if (begunNanos != UNTIMED) {
            long now = nanoTime.getAsLong();
            count(begunNanos, ONE_IN * (now - begunNanos), now);
        }
    }

    /** Threads that begin a window at once may lose a call or two of it, which is nothing. */
    private void count(long begunNanos, long nanos, long endNanos) {
        if (begunNanos - windowBegunNanos > WINDOW_NANOS) {
            windowBegunNanos = begunNanos;
            spentNanos.set(0);
        }
        long spent = spentNanos.addAndGet(nanos);
        if (spent > MOST_NANOS) {
            spentNanos.set(0);
            onSlow(spent, endNanos);
        }
    }

    /** The call threw. */
    void onThrown(Throwable e) {
        if (Fault.isFatal(e)) {
            Fault.report(e, Context.empty());
            return;
        }
        long nowNanos = nanoTime.getAsLong();
        TokenBucket bucket = thrown.updateAndGet(before -> before.next(nowNanos));
        if (bucket.passes()) {
            log.warn("The observer {} failed{}", name(), heldBack(bucket), e);
        }
    }

    private void onSlow(long nanos, long nowNanos) {
        TokenBucket bucket = slow.updateAndGet(before -> before.next(nowNanos));
        if (bucket.passes()) {
            log.warn(
                    "The observer {} has held loops for {} ms of the last 10 s, while nothing else could happen there{}",
                    name(),
                    nanos / 1_000_000,
                    heldBack(bucket));
        }
    }

    private String name() {
        return observer.getClass().getName();
    }

    private static String heldBack(TokenBucket bucket) {
        return bucket.heldBack() == 0 ? "" : "; " + bucket.heldBack() + " times before this one were not logged";
    }
}
