package io.weir.core.peer;

/**
 * The round-trip time to a peer, smoothed over its samples as TCP does (RFC 6298 section 2, RFC 9002 section 5.3). Before
 * the first sample an assumed time stands for it.
 *
 * <p>Deterministic, loop-confined. Times are nanoseconds.
 */
public final class RttEstimator {

    /** Longer samples count as this, one hour: the peer decides how long it takes to answer. */
    public static final long MAX_SAMPLE_NANOS = 3_600_000_000_000L;

    private long smoothedNanos;
    private long variationNanos;
    private boolean sampled;

    /** Knows no more than a first guess, which the first sample replaces. */
    public RttEstimator(long assumedNanos) {
        smoothedNanos = clamp(assumedNanos);
        variationNanos = smoothedNanos / 2;
    }

    /** An answer has taken so long. What is not positive counts as 1 ns. */
    public void onSample(long rttNanos) {
        long sample = clamp(rttNanos);
        if (!sampled) {
            // RFC 6298 (2.2): SRTT <- R, RTTVAR <- R/2
            sampled = true;
            smoothedNanos = sample;
            variationNanos = sample / 2;
            return;
        }
        // RFC 6298 (2.3): RTTVAR <- 3/4 RTTVAR + 1/4 |SRTT - R'|, then SRTT <- 7/8 SRTT + 1/8 R'
        variationNanos += (Math.abs(smoothedNanos - sample) - variationNanos) / 4;
        smoothedNanos += (sample - smoothedNanos) / 8;
    }

    /** The smoothed round-trip time; at least 1. */
    public long smoothedNanos() {
        return smoothedNanos;
    }

    /** How far samples lie from it, smoothed too. */
    public long variationNanos() {
        return variationNanos;
    }

    /** Whether anything has been measured. */
    public boolean sampled() {
        return sampled;
    }

    private static long clamp(long nanos) {
        return Math.max(1, Math.min(nanos, MAX_SAMPLE_NANOS));
    }
}
