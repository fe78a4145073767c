package io.weir.core.path;

/**
 * Whether what gets lost says that the path is full. Radio links, and others, lose packets at whatever rate they are sent, and a
 * window that is reduced for each of those never fills a long path: of 100 Mbit/s at 20 ms, one lost packet in a hundred leaves
 * 7 (RFC 9438 section 4.3). A path that is full shows one of these, and only then a loss counts:
 *
 * <pre>
 *   a queue    no round trip of the last 8 ms at least was shorter than the least of all and an eighth of that, 1 ms to 16 ms: what
 *              was sent next to the lost packet has waited, and not for somebody who was away for a moment
 *   much loss  more than a twentieth for longer than chance explains: a bucket holds twenty datagrams, a twentieth of what arrives
 *              goes in, what is lost is taken out, and it is empty
 * </pre>
 *
 * <p>A queue of more than a quarter of the round trip is met as by the controller alone, and so are others who fill one. Beside
 * a shorter one the window is reduced to what fills the path without it, for less is enough to empty it. One that never holds an
 * eighth overflows for up to a twentieth of what is sent. Where the round trip varies by more than that by itself, each loss counts.
 * RFC 9002 section 7 leaves it to the sender what it takes for congestion.
 *
 * <p>Deterministic, loop-confined. Sizes are bytes of datagrams; times nanoseconds.
 */
final class LossTolerance {

    private static final int QUEUE_DIVISOR = 8;
    private static final long LEAST_QUEUE_NANOS = 1_000_000L;
    private static final long MOST_QUEUE_NANOS = 16_000_000L;
    private static final double LEAST_SHARE = 0.8; // queues of up to a quarter
    private static final double TOLERATED = 0.05;
    private static final int BUCKET_DATAGRAMS = 20;
    private static final long SLICE_NANOS = 8_000_000L;
    private static final long INFINITE = Long.MAX_VALUE;

    private double bucketBytes = Double.POSITIVE_INFINITY; // full, whatever it holds
    private long sliceNanos; // when the present slice of time began
    private long lastSliceMinNanos = INFINITE;
    private long currentSliceMinNanos = INFINITE;
    private long leastNanos = INFINITE;

    /** Of a path that begins now. */
    LossTolerance(long nowNanos) {
        sliceNanos = nowNanos;
    }

    /**
     * A sample of the round trip.
     *
     * @param latestNanos without what the peer has held its acknowledgement back, which is no queue
     * @param leastNanos of all samples, this one included
     */
    void onRoundTrip(long latestNanos, long leastNanos) {
        currentSliceMinNanos = Math.min(currentSliceMinNanos, latestNanos);
        this.leastNanos = leastNanos;
    }

    /** A FEEDBACK was read to its end; before it is asked whether losses are tolerable. */
    void onFeedbackEnd(long nowNanos) {
        if (nowNanos - sliceNanos >= SLICE_NANOS && currentSliceMinNanos != INFINITE) {
            sliceNanos = nowNanos;
            lastSliceMinNanos = currentSliceMinNanos;
            currentSliceMinNanos = INFINITE;
        }
    }

    /** A packet has arrived. */
    void onAcked(int bytes, int datagramBytes) {
        bucketBytes = Math.min(bucketBytes + bytes * TOLERATED, BUCKET_DATAGRAMS * datagramBytes);
    }

    /** A packet is lost. */
    void onLost(int bytes, int datagramBytes) {
        bucketBytes = Math.max(0, Math.min(bucketBytes, BUCKET_DATAGRAMS * datagramBytes) - bytes);
    }

    /** Whether the latest losses are a sign of congestion. */
    boolean isExceeded() {
        return isQueued() || bucketBytes == 0;
    }

    /** Of the window, what fills the path without the short queue that there is; 0 if there is none, or a longer one. */
    double queuelessShare() {
        double share = (double) leastNanos / recentNanos();
        return isQueued() && share >= LEAST_SHARE ? share : 0;
    }

    private boolean isQueued() {
        long delayNanos = Math.max(LEAST_QUEUE_NANOS, Math.min(leastNanos / QUEUE_DIVISOR, MOST_QUEUE_NANOS));
        return leastNanos != INFINITE && recentNanos() - leastNanos > delayNanos;
    }

    private long recentNanos() {
        return Math.min(lastSliceMinNanos, currentSliceMinNanos);
    }
}
