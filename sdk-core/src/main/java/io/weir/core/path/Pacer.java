package io.weir.core.path;

/**
 * Spreads what the window allows over the round trip, so that queues on the way hold less of it (RFC 9002 section 7.7). A
 * token bucket in bytes:
 *
 * <pre>
 *   rate      1.25 x window / smoothed round trip; 2 x in slow start, which doubles its window in one
 *   capacity  what the rate gives in 2 ms, so that a timer that fires late costs nothing; at least ten datagrams
 *   batch     what the rate gives in 1 ms, so that a timer fires no more often; at least one datagram, and at most what
 *             segmentation offload takes at once: 64 segments, 65,507 bytes
 * </pre>
 *
 * <p>Packets that only acknowledge do not pass through here. A probe that must not wait may exceed it, and what follows waits
 * the longer. Deterministic, loop-confined; times are monotonic nanoseconds and may wrap around.
 */
final class Pacer {

    private static final double RATE_FACTOR = 1.25;
    private static final double SLOW_START_RATE_FACTOR = 2;
    private static final long CAPACITY_NANOS = 2_000_000L;
    private static final long BATCH_NANOS = 1_000_000L;
    private static final int LEAST_CAPACITY_DATAGRAMS = 10;
    private static final int MOST_BATCH_DATAGRAMS = 64;
    private static final int MOST_BATCH_BYTES = 65_507;

    private int datagramBytes;
    private long windowBytes;
    private long smoothedNanos;
    private boolean slowStart;
    private double bytesPerNano;
    private double capacity;
    private int batchBytes;
    private double tokens;
    private long filledNanos;

    /** With a full bucket. */
    Pacer(int datagramBytes, long windowBytes, long smoothedNanos, long nowNanos) {
        this.datagramBytes = datagramBytes;
        this.windowBytes = windowBytes;
        this.smoothedNanos = smoothedNanos;
        slowStart = true;
        filledNanos = nowNanos;
        measure();
        tokens = capacity;
    }

    /** After each FEEDBACK. What has come in until now has come in at the rate so far. */
    void onWindow(long newWindowBytes, long newSmoothedNanos, boolean nowSlowStart, long nowNanos) {
        if (newWindowBytes == windowBytes && newSmoothedNanos == smoothedNanos && nowSlowStart == slowStart) {
            return;
        }
        fill(nowNanos);
        windowBytes = newWindowBytes;
        smoothedNanos = newSmoothedNanos;
        slowStart = nowSlowStart;
        measure();
    }

    /** Datagrams have another size from now on. */
    void onDatagramBytes(int bytes, long nowNanos) {
        fill(nowNanos);
        datagramBytes = bytes;
        measure();
    }

    /** So much was sent, whether it was allowed or not. */
    void onSent(int bytes, long nowNanos) {
        fill(nowNanos);
        tokens = Math.max(tokens - bytes, -capacity);
    }

    /** When the next batch may go: a time that is not after {@code nowNanos} means at once. */
    long readyNanos(long nowNanos) {
        fill(nowNanos);
        double missing = batchBytes - tokens;
        return missing <= 0 ? nowNanos : nowNanos + (long) Math.ceil(missing / bytesPerNano);
    }

    /** How many bytes may go at once, as whole datagrams; 0 before {@link #readyNanos}. */
    int allowanceBytes(long nowNanos) {
        fill(nowNanos);
        if (tokens < batchBytes) {
            return 0;
        }
        int most = Math.min(MOST_BATCH_BYTES, MOST_BATCH_DATAGRAMS * datagramBytes);
        int bytes = (int) Math.min(tokens, most);
        return bytes - bytes % datagramBytes;
    }

    /** Bytes a second. */
    long bytesPerSecond() {
        return (long) (bytesPerNano * 1e9);
    }

    private void fill(long nowNanos) {
        long elapsed = nowNanos - filledNanos;
        if (elapsed <= 0) {
            return; // a clock that goes back gives nothing, and what it takes back was given already
        }
        filledNanos = nowNanos;
        tokens = Math.min(capacity, tokens + elapsed * bytesPerNano);
    }

    private void measure() {
        double factor = slowStart ? SLOW_START_RATE_FACTOR : RATE_FACTOR;
        bytesPerNano = factor * windowBytes / Math.max(1, smoothedNanos);
        capacity = Math.max(bytesPerNano * CAPACITY_NANOS, (double) LEAST_CAPACITY_DATAGRAMS * datagramBytes);
        int mostDatagrams = Math.min(MOST_BATCH_DATAGRAMS, MOST_BATCH_BYTES / datagramBytes);
        double datagrams = bytesPerNano * BATCH_NANOS / datagramBytes;
        batchBytes = datagramBytes * (int) Math.max(1, Math.min(datagrams, mostDatagrams));
        tokens = Math.min(tokens, capacity);
    }
}
