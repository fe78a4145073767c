package io.weir.core.schedule;

import io.weir.core.error.Legal;

/**
 * A rate, and what may come at once: the leaky bucket as a meter, by one time instead of a count of tokens (ITU-T I.371, annex A,
 * "virtual scheduling algorithm"), for who keeps many of these times in a table. Times are in nanoseconds of any monotonic clock and
 * may wrap around.
 *
 * @param intervalNanos how long one takes to become free again
 * @param burstNanos the same for all but one of those that may come at once
 */
public record RateMeter(long intervalNanos, long burstNanos) {

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int MOST_PER_SECOND = 100_000_000;

    /**
     * So many a second.
     *
     * @param perSecond 1 to 100,000,000
     * @param atOnce 1 to {@code perSecond}
     */
    public static RateMeter of(int perSecond, int atOnce) {
        Legal.range("perSecond", perSecond, 1, MOST_PER_SECOND);
        Legal.range("atOnce", atOnce, 1, perSecond);
        long interval = SECOND_NANOS / perSecond;
        return new RateMeter(interval, (atOnce - 1) * interval);
    }

    /** Whether one more may come where all will be free again at that time. */
    public boolean allows(long emptyAtNanos, long nowNanos) {
        return ahead(emptyAtNanos, nowNanos) <= burstNanos;
    }

    /** When all will be free again, after one that came. */
    public long afterOne(long emptyAtNanos, long nowNanos) {
        return nowNanos + Math.max(0, ahead(emptyAtNanos, nowNanos)) + intervalNanos;
    }

    /** Further ahead than anything that came can make it, it is of a clock that has gone back since, and means nothing any more. */
    private long ahead(long emptyAtNanos, long nowNanos) {
        long ahead = emptyAtNanos - nowNanos;
        return ahead > burstNanos + intervalNanos ? 0 : ahead;
    }
}
