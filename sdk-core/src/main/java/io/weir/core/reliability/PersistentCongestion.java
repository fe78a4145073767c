package io.weir.core.reliability;

/**
 * Whether everything that was sent for a long time is lost, so that nothing is known of the path any more (RFC 9002 section
 * 7.6). It hears of the packets that are lost in ascending order, and finds the longest time between two that have none between
 * them which arrived.
 */
final class PersistentCongestion {

    /** The outage lasts so many probe time-outs (RFC 9002 section 7.6.1, kPersistentCongestionThreshold). */
    static final int THRESHOLD = 3;

    private long previous;
    private long beganNanos;
    private long longestNanos;
    private boolean counting;

    /** How long an outage has to last (RFC 9002 section 7.6.1), by the probe time-out without backoff. */
    static long durationNanos(long probePeriodNanos) {
        return THRESHOLD * probePeriodNanos;
    }

    /** Begins anew: losses that are found at different times are not put together. */
    void reset() {
        counting = false;
        longestNanos = 0;
    }

    /** A packet that the peer would have acknowledged is lost. */
    void onLost(long number, long sentNanos) {
        if (counting && number == previous + 1) {
            longestNanos = Math.max(longestNanos, sentNanos - beganNanos);
        } else {
            counting = true;
            beganNanos = sentNanos;
        }
        previous = number;
    }

    /** A number that says nothing: it was skipped, or the peer would not have acknowledged it for its own sake. */
    void onSilent(long number) {
        if (counting && number == previous + 1) {
            previous = number;
        }
    }

    /** The longest time between two lost packets without one that arrived between them. */
    long longestNanos() {
        return longestNanos;
    }
}
