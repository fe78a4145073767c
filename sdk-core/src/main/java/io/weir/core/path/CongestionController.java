package io.weir.core.path;

/**
 * How many bytes may be in flight on one path. The implementations follow RFC 9002 section 7.3:
 *
 * <pre>
 *      new path or          +------------+  delay grows (HyStart++)  +------------+
 *   persistent loss -------&gt;| slow start |--------------------------&gt;| congestion |
 *                           +------------+                           | avoidance  |
 *                                 |                                  +------------+
 *                                 | loss or ECN                        |        ^
 *                                 v                        loss or ECN |        | a packet that was
 *                           +-----------------+                        |        | sent meanwhile
 *                           | recovery period |&lt;-----------------------+        | is acknowledged
 *                           +-----------------+---------------------------------+
 * </pre>
 *
 * <p>Packets are named by their numbers, which rise in the order of sending, so what was sent before a moment and what after
 * it is never in doubt. For each FEEDBACK the order is: {@link #onRoundTrip}, {@link #onAcked} for each packet that is newly
 * acknowledged, {@link #onSpuriousLoss}, {@link #onCongestion} for the largest that is newly lost. A packet that only
 * acknowledges is not told at all, and the loss of a probe of the path's MTU is no congestion (RFC 8899 section 3).
 *
 * <p>Deterministic, loop-confined. Sizes are bytes of datagrams, without IP and UDP; times monotonic nanoseconds.
 */
public interface CongestionController {

    /**
     * A packet was sent.
     *
     * @param inFlightBytes what was in flight before it; 0 means that the path has been idle
     */
    void onSent(long number, long inFlightBytes, long nowNanos);

    /** A FEEDBACK has brought a sample of the round-trip time; before its packets are told. */
    void onRoundTrip(long latestNanos, long smoothedNanos);

    /**
     * A packet has arrived that was not known to have arrived.
     *
     * @param appLimited whether what was in flight with it was less than the window for lack of anything to send: nothing is
     *     then known about a larger window (RFC 9002 section 7.8)
     */
    void onAcked(long number, int bytes, boolean appLimited, long nowNanos);

    /**
     * The path is congested. Once in a round trip it counts: not for packets sent before the window was last reduced.
     *
     * @param number the largest packet that is newly lost, or the largest that is newly acknowledged where marks were counted
     * @param leastShare of the window that fills the path without a queue, below which it need not be reduced for a loss or a mark;
     *     0 where that is not known
     */
    void onCongestion(CongestionSignal signal, long number, double leastShare);

    /** The same where nothing is known of the queue. */
    default void onCongestion(CongestionSignal signal, long number) {
        onCongestion(signal, number, 0);
    }

    /**
     * All packets that were taken to be lost in the recovery period of this one have arrived after all. Undoes the latest
     * reduction if it was for them, and nothing else has confirmed it since.
     */
    void onSpuriousLoss(long number);

    /** Datagrams on this path have another size from now on. */
    void onDatagramBytes(int bytes);

    /** How many bytes may be in flight. */
    long windowBytes();

    /** Whether the window grows as fast as it may, for it was not found yet what the path can take. */
    boolean slowStart();
}
