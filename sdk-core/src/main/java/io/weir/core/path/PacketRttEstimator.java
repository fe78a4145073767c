package io.weir.core.path;

import io.weir.core.error.Legal;
import io.weir.core.peer.RttEstimator;

/**
 * The round-trip time of one path, from acknowledged packets (RFC 9002 section 5): the newest sample, the least, and the
 * smoothed time with its variation, from which the time that the peer says it has held back its acknowledgement is taken
 * off as far as it can be believed.
 *
 * <p>A sample is for an acknowledgement whose largest packet is newly acknowledged (section 5.1); the caller sees to it.
 * Deterministic, loop-confined. Times are nanoseconds, 1 to one hour; what is outside is cut.
 */
public final class PacketRttEstimator {

    /** Stands for the round trip of a new path until the first sample (RFC 9002 section 6.2.2). */
    public static final long INITIAL_NANOS = 333_000_000L;

    /**
     * Nothing longer is assumed, so that the first probe time-out is 3 s at the most, as of a connection whose first packets were
     * lost (RFC 6298 (5.7)).
     */
    static final long MOST_ASSUMED_NANOS = 1_000_000_000L;

    private static final long MOST_ACK_DELAY_NANOS = 16_384_000_000L; // 2^14 ms, RFC 9000 section 18.2

    private final long maxAckDelayNanos;
    private RttEstimator adjusted = new RttEstimator(INITIAL_NANOS);
    private long latestNanos = INITIAL_NANOS;
    private long undelayedNanos = INITIAL_NANOS;
    private long minNanos = INITIAL_NANOS;

    /**
     * For a path that was not measured yet.
     *
     * @param maxAckDelayNanos how long the peer may hold back an acknowledgement on purpose; 0 to 16.384 s
     */
    public PacketRttEstimator(long maxAckDelayNanos) {
        Legal.range("maxAckDelayNanos", maxAckDelayNanos, 0, MOST_ACK_DELAY_NANOS);
        this.maxAckDelayNanos = maxAckDelayNanos;
    }

    /**
     * Something that may be the round trip stands for it until the first sample (RFC 9002 section 6.2.2), which replaces it: what
     * a handshake took, of which something may have been lost. Before that sample.
     *
     * @param nanos above one second it counts as that
     */
    public void assume(long nanos) {
        long assumed = Math.min(nanos, MOST_ASSUMED_NANOS);
        adjusted = new RttEstimator(assumed);
        latestNanos = adjusted.smoothedNanos();
        undelayedNanos = latestNanos;
        minNanos = latestNanos;
    }

    /**
     * A packet was acknowledged.
     *
     * @param rttNanos from sending it until its acknowledgement came
     * @param ackDelayNanos how long the peer says it has held that back; whatever it says
     */
    public void onSample(long rttNanos, long ackDelayNanos) {
        latestNanos = Math.max(1, Math.min(rttNanos, RttEstimator.MAX_SAMPLE_NANOS));
        if (!adjusted.sampled()) {
            minNanos = latestNanos;
        }
        minNanos = Math.min(minNanos, latestNanos);
        long delayNanos = Math.max(0, Math.min(ackDelayNanos, maxAckDelayNanos));
        // A peer that lies about its delay must not make the path look shorter than it was ever seen (section 5.3).
        undelayedNanos = latestNanos - minNanos >= delayNanos ? latestNanos - delayNanos : latestNanos;
        adjusted.onSample(undelayedNanos);
    }

    /** The path may be another one by now: what was least before is forgotten (section 5.2). */
    public void onPersistentCongestion() {
        minNanos = latestNanos;
    }

    /** The path is another one: nothing is known of it (RFC 9000 section 9.4). */
    public void reset() {
        adjusted = new RttEstimator(INITIAL_NANOS);
        latestNanos = INITIAL_NANOS;
        undelayedNanos = INITIAL_NANOS;
        minNanos = INITIAL_NANOS;
    }

    /** The newest sample, as measured. */
    public long latestNanos() {
        return latestNanos;
    }

    /** The newest sample without the time that the peer says it has held its acknowledgement back, as far as that can be believed. */
    public long undelayedNanos() {
        return undelayedNanos;
    }

    /** The least sample, as measured. */
    public long minNanos() {
        return minNanos;
    }

    /** The smoothed round-trip time. */
    public long smoothedNanos() {
        return adjusted.smoothedNanos();
    }

    /** How far samples lie from it, smoothed too. */
    public long variationNanos() {
        return adjusted.variationNanos();
    }

    /** Whether anything has been measured. */
    public boolean sampled() {
        return adjusted.sampled();
    }
}
