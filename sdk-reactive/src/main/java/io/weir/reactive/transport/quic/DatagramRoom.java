package io.weir.reactive.transport.quic;

/**
 * How many bytes of datagrams QUIC sends at once, so that none waits in it, where what is said later would overtake it and what is
 * full would drop it. QUIC tells the room of its congestion window with what streams write, as it was when something was last read.
 *
 * <pre>
 *   unknown --learn()--&gt; known --spend(), until nothing is left--&gt; used up, some may wait --something was read--&gt; unknown
 * </pre>
 *
 * Loop-confined, and without a clock.
 */
final class DatagramRoom {

    /** Of a packet with one datagram, and of its frame in it: at most so many bytes beside what is in it. */
    static final int OVERHEAD_BYTES = 44;

    private boolean known;
    private long left;

    /** Bytes that may wait in QUIC, as they were more than it had room for. */
    private long waiting;

    /** Whether there is room; false too where it is not known. */
    boolean isThere() {
        return known && left > 0;
    }

    /** Whether {@link #learn} would help. */
    boolean isUnknown() {
        return !known;
    }

    /** Whether all datagrams that were handed over have left. */
    boolean isNothingWaiting() {
        return waiting == 0 && (!known || left >= 0);
    }

    /** @param bytes for which there is room, before what waits */
    void learn(long bytes) {
        known = true;
        left = bytes - waiting;
        waiting = 0;
    }

    /** A datagram of so many bytes was handed over. */
    void spend(int bytes) {
        left -= bytes + OVERHEAD_BYTES;
    }

    /** So many bytes were written to streams. */
    void spendOnStreams(int bytes) {
        left = Math.min(left, Math.max(0, left - bytes)); // of what is too much for the window no datagram has to wait
    }

    /** Something was read: what is acknowledged makes room. */
    void onRead() {
        if (known) {
            waiting = Math.max(0, -left);
            known = false;
        }
    }
}
