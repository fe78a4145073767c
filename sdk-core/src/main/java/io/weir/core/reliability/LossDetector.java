package io.weir.core.reliability;

/**
 * Whether a packet is lost: decided from what the peer has acknowledged of those sent after it (RFC 9002 section 6.1). Nothing
 * tells that of the packets behind the largest acknowledged one; the {@link ProbeTimeout} is for them.
 */
final class LossDetector {

    /** A packet so far below the largest acknowledged one is lost (RFC 9002 section 6.1.1, kPacketThreshold). */
    static final int PACKET_THRESHOLD = 3;

    /** Timers are not trusted to be finer than this: 1 ms (RFC 9002 section 6.1.2, kGranularity). */
    static final long GRANULARITY_NANOS = 1_000_000;

    private LossDetector() {}

    /**
     * How long a packet that was sent before an acknowledged one may still come: 9/8 of the round trip, by the larger of its
     * last and its smoothed time, and at least the granularity of timers (RFC 9002 section 6.1.2).
     */
    static long timeThresholdNanos(long latestRttNanos, long smoothedRttNanos) {
        long rtt = Math.max(latestRttNanos, smoothedRttNanos);
        return Math.max(rtt + rtt / 8, GRANULARITY_NANOS);
    }

    /**
     * Whether a packet that is not acknowledged, and has a lower number than one that is, is lost: by the distance between the
     * two or by its age (RFC 9002 section 6.1).
     */
    static boolean isLost(long number, long largestAcknowledged, long ageNanos, long timeThresholdNanos) {
        return largestAcknowledged - number >= PACKET_THRESHOLD || ageNanos >= timeThresholdNanos;
    }
}
