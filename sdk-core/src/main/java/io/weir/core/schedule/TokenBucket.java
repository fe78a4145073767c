package io.weir.core.schedule;

import io.weir.core.error.Legal;

/**
 * How often something may be told: a burst at first, then one each interval, and of what is held back the number, which goes
 * with the next that passes. A value: {@link #next} gives the bucket after one more, so that threads may share it by
 * compare-and-set.
 *
 * <p>It is a {@link RateMeter} with its time. Times are in nanoseconds of any monotonic clock and may wrap around.
 *
 * @param burst how many pass at once, 1 to 1,000,000
 * @param intervalNanos how long one takes to become free again, 1 to 10^12
 * @param emptyAtNanos when all of the burst will be free again, if nothing more comes
 * @param passes whether the last one passes
 * @param heldBack how many were held back since the last that passed: told with this one if it passes
 */
public record TokenBucket(int burst, long intervalNanos, long emptyAtNanos, boolean passes, long heldBack) {

    private static final int MOST_BURST = 1_000_000;
    private static final long LONGEST_NANOS = 1_000_000_000_000L;

    public TokenBucket {
        Legal.range("burst", burst, 1, MOST_BURST);
        Legal.range("intervalNanos", intervalNanos, 1, LONGEST_NANOS);
    }

    /** With the whole burst free. */
    public static TokenBucket full(int burst, long intervalNanos, long nowNanos) {
        return new TokenBucket(burst, intervalNanos, nowNanos, true, 0);
    }

    /** The bucket after one more at this time. */
    public TokenBucket next(long nowNanos) {
        RateMeter meter = new RateMeter(intervalNanos, (burst - 1) * intervalNanos);
        long before = passes ? 0 : heldBack;
        return meter.allows(emptyAtNanos, nowNanos)
                ? new TokenBucket(burst, intervalNanos, meter.afterOne(emptyAtNanos, nowNanos), true, before)
                : new TokenBucket(burst, intervalNanos, emptyAtNanos, false, before + 1);
    }
}
