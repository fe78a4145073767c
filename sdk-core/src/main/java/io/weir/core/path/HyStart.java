package io.weir.core.path;

/**
 * Says when slow start has found what a path can take, before anything is lost (HyStart++, RFC 9406): when packets of one
 * round take clearly longer than those of the round before, a queue is building up. Since that may be a mere jitter, growth
 * is only slowed down at first:
 *
 * <pre>
 *   slow start --delay grew by an eighth, 4 to 16 ms--&gt; conservative slow start --5 rounds--&gt; congestion avoidance
 *        ^                                                     |
 *        +-------------delay fell below where it began---------+
 * </pre>
 *
 * <p>A round ends when a packet is acknowledged that was sent after it began. For the first slow start of a path only
 * (section 4.3): later ones end at a threshold that is known.
 */
final class HyStart {

    private static final long MIN_RTT_THRESH_NANOS = 4_000_000L;
    private static final long MAX_RTT_THRESH_NANOS = 16_000_000L;
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int N_RTT_SAMPLE = 8;
    private static final int CSS_GROWTH_DIVISOR = 4;
    private static final int CSS_ROUNDS = 5;

    private static final long INFINITE = Long.MAX_VALUE;

    private long windowEnd = -1;
    private long lastRoundMinNanos = INFINITE;
    private long currentRoundMinNanos = INFINITE;
    private int samples;
    private long cssBaselineNanos = INFINITE;
    private int cssRounds;

    /** An acknowledgement has brought a sample. */
    void onRoundTrip(long latestNanos) {
        currentRoundMinNanos = Math.min(currentRoundMinNanos, latestNanos);
        samples++;
        if (samples < N_RTT_SAMPLE) {
            return;
        }
        if (conservative()) {
            if (currentRoundMinNanos < cssBaselineNanos) {
                cssBaselineNanos = INFINITE; // it was jitter: on with slow start
            }
        } else if (lastRoundMinNanos != INFINITE && currentRoundMinNanos >= lastRoundMinNanos + threshold()) {
            cssBaselineNanos = currentRoundMinNanos;
            cssRounds = 0;
        }
    }

    /**
     * A packet was acknowledged; after the sample that came with it.
     *
     * @param largestSent the largest packet sent so far: the next round ends behind it
     * @return whether slow start is over
     */
    boolean onAcked(long number, long largestSent) {
        if (number <= windowEnd) {
            return false;
        }
        windowEnd = largestSent;
        lastRoundMinNanos = currentRoundMinNanos;
        currentRoundMinNanos = INFINITE;
        samples = 0;
        // Section 4.2: the round in the midst of which it began counts as one.
        return conservative() && ++cssRounds >= CSS_ROUNDS;
    }

    /** By how much the window grows. L is infinite, as it should be where sending is paced (section 4.3). */
    double growth(int ackedBytes) {
        return conservative() ? (double) ackedBytes / CSS_GROWTH_DIVISOR : ackedBytes;
    }

    /** Whether growth is slowed down. */
    boolean conservative() {
        return cssBaselineNanos != INFINITE;
    }

    private long threshold() {
        return Math.max(MIN_RTT_THRESH_NANOS, Math.min(lastRoundMinNanos / MIN_RTT_DIVISOR, MAX_RTT_THRESH_NANOS));
    }
}
