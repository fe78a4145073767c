package io.weir.reactive.balance;

import io.weir.core.balance.QuantileEstimator;
import io.weir.reactive.Hedging;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** After how long a request of one view is made a second time: what it knows of the answers before. Any thread. */
final class Hedges {

    /** A timer may not be set to less. */
    private static final long SHORTEST_NANOS = 1_000_000;

    private final Hedging hedging;
    private final AtomicLong estimateNanos = new AtomicLong();
    private final AtomicInteger samples = new AtomicInteger();

    Hedges(Hedging hedging) {
        this.hedging = hedging;
    }

    /** Null: not at all, since too little is known. */
    @Nullable
    Duration delay() {
        Duration fixed = hedging.delay();
        if (fixed != null) {
            return fixed;
        }
        return samples.get() < Hedging.LEAST_SAMPLES
                ? null
                : Duration.ofNanos(Math.max(estimateNanos.get(), SHORTEST_NANOS));
    }

    /** The first attempt was answered after that time. */
    void onAnswer(long nanos) {
        QuantileEstimator estimator = hedging.estimator();
        if (estimator == null) {
            return;
        }
        long now;
        do {
            now = estimateNanos.get();
        } while (!estimateNanos.compareAndSet(now, estimator.after(now, nanos)));
        if (samples.get() < Hedging.LEAST_SAMPLES) {
            samples.incrementAndGet();
        }
    }

    /** It was given up after that time: how long it would have taken is unknown, but not shorter. */
    void onGivenUp(long nanos) {
        if (nanos > estimateNanos.get()) {
            onAnswer(nanos);
        }
    }
}
