package io.weir.reactive.operator;

import io.weir.core.reliability.FeedbackSchedule;
import java.time.Duration;
import java.util.Objects;

/**
 * How {@link Reliability#send} recovers what is lost.
 *
 * @param maxWaiting elements that may be sent and not acknowledged; no new one goes out before one of them is, or has been
 *     replaced. 2 to 65,536: one alone would wait for the largest delay each time
 * @param maxFeedbackDelay how long the other side keeps an acknowledgement back at most; 0 to 16 s
 */
public record RecoverySettings(int maxWaiting, Duration maxFeedbackDelay) {

    private static final int LEAST_WAITING = 2;
    private static final int MOST_WAITING = 65_536;
    private static final Duration LONGEST = Duration.ofSeconds(16);
    private static final RecoverySettings DEFAULTS =
            new RecoverySettings(1_024, Duration.ofNanos(FeedbackSchedule.MAX_DELAY_NANOS));

    public RecoverySettings {
        if (maxWaiting < LEAST_WAITING || maxWaiting > MOST_WAITING) {
            throw new IllegalArgumentException(
                    "maxWaiting is " + maxWaiting + ", must be " + LEAST_WAITING + " to " + MOST_WAITING);
        }
        Objects.requireNonNull(maxFeedbackDelay, "maxFeedbackDelay");
        if (maxFeedbackDelay.isNegative() || maxFeedbackDelay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "maxFeedbackDelay is " + maxFeedbackDelay + ", must be " + Duration.ZERO + " to " + LONGEST);
        }
    }

    /** 1,024 elements; 25 ms, which is what {@link Reliability#acknowledge} keeps to. */
    public static RecoverySettings defaults() {
        return DEFAULTS;
    }

    /** A copy with another bound of what is not acknowledged. */
    public RecoverySettings withMaxWaiting(int elements) {
        return new RecoverySettings(elements, maxFeedbackDelay);
    }

    /** A copy with another delay of acknowledgements. */
    public RecoverySettings withMaxFeedbackDelay(Duration delay) {
        return new RecoverySettings(maxWaiting, delay);
    }
}
