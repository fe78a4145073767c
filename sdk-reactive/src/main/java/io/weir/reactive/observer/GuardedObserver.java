package io.weir.reactive.observer;

import io.weir.core.schedule.TokenBucket;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.fault.Fault;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import reactor.util.context.Context;

/**
 * One observer, of which nothing gets out that it throws, and which is told of in the log when it throws or takes long, as
 * often as a reader can bear. Any thread.
 */
final class GuardedObserver {

    /** A call that takes longer holds up everything else of its loop. */
    static final long SLOW_NANOS = 5_000_000;

    /** Warnings at once. */
    private static final int BURST = 10;

    /** Then one in so long. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final NodeObserver observer;
    private final LongSupplier nanoTime;
    private final Logger log;
    private final AtomicReference<TokenBucket> thrown;
    private final AtomicReference<TokenBucket> slow;

    GuardedObserver(NodeObserver observer, LongSupplier nanoTime, Logger log) {
        this.observer = observer;
        this.nanoTime = nanoTime;
        this.log = log;
        TokenBucket full = TokenBucket.full(BURST, INTERVAL.toNanos(), nanoTime.getAsLong());
        thrown = new AtomicReference<>(full);
        slow = new AtomicReference<>(full);
    }

    void tell(Consumer<NodeObserver> event) {
        long begun = nanoTime.getAsLong();
        try {
            event.accept(observer);
        } catch (Throwable e) {
            onThrown(e, begun);
        }
        long end = nanoTime.getAsLong();
        if (end - begun > SLOW_NANOS) {
            onSlow(end - begun, end);
        }
    }

    private void onThrown(Throwable e, long nowNanos) {
        if (Fault.isFatal(e)) {
            Fault.report(e, Context.empty());
            return;
        }
        TokenBucket bucket = thrown.updateAndGet(before -> before.next(nowNanos));
        if (bucket.passes()) {
            log.warn("The observer {} failed{}", name(), heldBack(bucket), e);
        }
    }

    private void onSlow(long nanos, long nowNanos) {
        TokenBucket bucket = slow.updateAndGet(before -> before.next(nowNanos));
        if (bucket.passes()) {
            log.warn(
                    "The observer {} has held a loop for {} ms, while nothing else could happen there{}",
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
