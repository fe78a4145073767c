package io.weir.reactive;

import io.weir.core.balance.QuantileEstimator;
import io.weir.core.error.Legal;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a request that is not answered is made a second time, at another peer. One of the two is said.
 *
 * @param delay 1 ms to 1 h; null: what the quantile comes to
 * @param estimator the quantile of the answers' times, over the requests of one view of the group, at least {@link #LEAST_SAMPLES}
 *     of them; null: the delay is fixed
 */
public record Hedging(@Nullable Duration delay, @Nullable QuantileEstimator estimator) {

    /** So many answers must have come before a quantile is believed; until then nothing is hedged. */
    public static final int LEAST_SAMPLES = 100;

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    public Hedging {
        if ((delay == null) == (estimator == null)) {
            throw new IllegalArgumentException("one of delay and estimator must be given, not both");
        }
        if (delay != null) {
            Legal.range("delay", delay, SHORTEST, LONGEST);
        }
    }

    /** After that time. */
    public static Hedging after(Duration delay) {
        return new Hedging(Objects.requireNonNull(delay, "delay"), null);
    }

    /**
     * When it takes longer than that part of the requests before it, such as 0.95.
     *
     * @param quantile 0.5 to 0.999
     */
    public static Hedging atQuantile(double quantile) {
        return new Hedging(null, new QuantileEstimator(quantile));
    }
}
