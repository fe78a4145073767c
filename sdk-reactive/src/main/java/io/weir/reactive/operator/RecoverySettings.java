package io.weir.reactive.operator;

import io.weir.core.reliability.FeedbackSchedule;
import io.weir.core.reliability.ProbeTimeout;
import java.time.Duration;
import java.util.Objects;

/**
 * How {@link Reliability#send} recovers what is lost.
 *
 * @param maxWaiting elements that may be sent and not acknowledged; no new one goes out before one of them is, or has been
 *     replaced. 2 to 65,536: one alone would wait for the largest delay each time
 * @param maxFeedbackDelay how long the other side keeps an acknowledgement back at most; 0 to 16 s
 * @param maxProbeWait how long to wait at most until what is not acknowledged is sent again, and then each time, unless one round
 *     trip takes longer; 1 ms to 1 minute
 */
public record RecoverySettings(int maxWaiting, Duration maxFeedbackDelay, Duration maxProbeWait) {

    private static final int LEAST_WAITING = 2;
    private static final int MOST_WAITING = 65_536;
    private static final Duration LONGEST = Duration.ofSeconds(16);
    private static final Duration LEAST_PROBE_WAIT = Duration.ofMillis(1);
    private static final Duration MOST_PROBE_WAIT = Duration.ofNanos(ProbeTimeout.MOST_NANOS);
    private static final RecoverySettings DEFAULTS =
            new RecoverySettings(1_024, Duration.ofNanos(FeedbackSchedule.MAX_DELAY_NANOS), MOST_PROBE_WAIT);

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
        Objects.requireNonNull(maxProbeWait, "maxProbeWait");
        if (maxProbeWait.compareTo(LEAST_PROBE_WAIT) < 0 || maxProbeWait.compareTo(MOST_PROBE_WAIT) > 0) {
            throw new IllegalArgumentException(
                    "maxProbeWait is " + maxProbeWait + ", must be " + LEAST_PROBE_WAIT + " to " + MOST_PROBE_WAIT);
        }
    }

    /** 1,024 elements; 25 ms, which is what {@link Reliability#acknowledge} keeps to; 1 minute. */
    public static RecoverySettings defaults() {
        return DEFAULTS;
    }

    /** A copy with another bound of what is not acknowledged. */
    public RecoverySettings withMaxWaiting(int elements) {
        return new RecoverySettings(elements, maxFeedbackDelay, maxProbeWait);
    }

    /** A copy with another delay of acknowledgements. */
    public RecoverySettings withMaxFeedbackDelay(Duration delay) {
        return new RecoverySettings(maxWaiting, delay, maxProbeWait);
    }

    /** A copy with another bound of the time between probes. */
    public RecoverySettings withMaxProbeWait(Duration wait) {
        return new RecoverySettings(maxWaiting, maxFeedbackDelay, wait);
    }
}
