package io.weir.core.credit;

/**
 * Whether a payload for which memory is reserved comes fast enough to keep it, while others wait for theirs. Its peer has
 * all the credit that it needs, so whoever lets it stand still keeps memory from others for nothing.
 *
 * <p>Asked now and then, it looks back over one interval, from when others began to wait or from the last verdict: what has
 * come then must be {@value #LEAST_BYTES_PER_SECOND} bytes a second. Who asks late, as after a pause of this process,
 * grants one more interval: what came meanwhile has not been read. Time is an argument.
 */
public final class PayloadPace {

    /** What must come on the average of an interval. */
    public static final long LEAST_BYTES_PER_SECOND = 16 * 1024;

    private static final long SECOND = 1_000_000_000;

    private final long intervalNanos;
    private long sinceNanos;
    private long gainedThen;

    /** @param intervalNanos over which the pace is averaged, 1 ms to an hour; to be asked several times in it */
    public PayloadPace(long intervalNanos, long nowNanos, long gainedBytes) {
        this.intervalNanos = intervalNanos;
        begin(nowNanos, gainedBytes);
    }

    /**
     * Whether the reservation is kept.
     *
     * @param gainedBytes of the payload that are here
     * @param othersWait whether anybody waits for memory now
     */
    public boolean keeps(long nowNanos, long gainedBytes, boolean othersWait) {
        long elapsed = nowNanos - sinceNanos;
        if (!othersWait || elapsed > intervalNanos + intervalNanos / 2) {
            begin(nowNanos, gainedBytes);
            return true;
        }
        if (elapsed < intervalNanos) {
            return true;
        }
        boolean enough = gainedBytes - gainedThen >= (double) LEAST_BYTES_PER_SECOND * elapsed / SECOND;
        begin(nowNanos, gainedBytes);
        return enough;
    }

    private void begin(long nowNanos, long gainedBytes) {
        sinceNanos = nowNanos;
        gainedThen = gainedBytes;
    }
}
