package io.weir.core.reliability;

/**
 * How long to wait for any sign of the peer before it is asked for one by a probe: a packet that it has to acknowledge
 * (RFC 9002 section 6.2). Each time-out in a row doubles the wait.
 */
public final class ProbeTimeout {

    /** The most that is waited, 60 s: with it a flow that has lost everything for an hour still goes on (RFC 6298 (2.5)). */
    public static final long MOST_NANOS = 60_000_000_000L;

    /** Packets sent on a time-out, so that one more loss does not cost another one (RFC 9002 section 6.2.4). */
    public static final int PROBES = 2;

    private static final int MOST_DOUBLINGS = 16;

    private final long mostNanos;
    private int backoff;

    /**
     * When a packet went out that elicits feedback, or was acknowledged, or the last time-out was, whichever was latest; but once
     * there was a time-out, what goes out puts the next off no more: one that beats more often would never probe.
     */
    private long baseNanos;

    /** @param mostNanos that is waited, unless one period alone is more; 1 to {@link #MOST_NANOS} */
    ProbeTimeout(long mostNanos) {
        if (mostNanos < 1 || mostNanos > MOST_NANOS) {
            throw new IllegalArgumentException("mostNanos is " + mostNanos + ", must be 1 to " + MOST_NANOS);
        }
        this.mostNanos = mostNanos;
    }

    /**
     * The wait without backoff: the round trip and what it varies, and how long the peer may delay its acknowledgement
     * (RFC 9002 section 6.2.1: smoothed_rtt + max(4*rttvar, kGranularity) + max_ack_delay).
     */
    public static long periodNanos(long smoothedRttNanos, long rttVariationNanos, long maxAckDelayNanos) {
        return smoothedRttNanos + Math.max(4 * rttVariationNanos, LossDetector.GRANULARITY_NANOS) + maxAckDelayNanos;
    }

    /**
     * A packet goes out that elicits feedback.
     *
     * @param first whether none waits for it so far
     */
    void onSent(boolean first, long nowNanos) {
        if (first || backoff == 0) {
            baseNanos = nowNanos;
        }
    }

    /** The peer has acknowledged something new: "the PTO backoff factor is reset" (RFC 9002 section 6.2.1). */
    void onAcknowledged(long nowNanos) {
        backoff = 0;
        baseNanos = nowNanos;
    }

    /** Nothing was heard in time, and probes go out. */
    void onExpired(long nowNanos) {
        backoff = Math.min(backoff + 1, MOST_DOUBLINGS);
        baseNanos = nowNanos;
    }

    /** Until when to wait. */
    long deadlineNanos(long periodNanos) {
        long most = Math.max(mostNanos, Math.min(periodNanos, MOST_NANOS));
        return baseNanos + (periodNanos > most >> backoff ? most : periodNanos << backoff);
    }
}
