package io.weir.reactive.transport;

import io.weir.core.path.PathStats;
import io.weir.core.wire.FrameOrder;
import org.jspecify.annotations.Nullable;

/**
 * What carries a session's frames to the peer and back, sealed. It asks its {@link Lanes} when there is room, and gives its
 * {@link FrameSink} what comes.
 *
 * <pre>
 *   made --start()--&gt; running --END has left, the peer is gone--&gt; ended
 *                        |                                          |
 *                        +--------------- close() ------------------+--&gt; closed
 * </pre>
 *
 * <p>Order: what was written to one lane comes out in that order. TOTAL: all lanes as they were written. PER_HALF: nothing
 * between lanes. Either way END comes only behind everything that was written before it, in any lane.
 *
 * <p>Nothing is read, and no lane asked, before {@link #start}. On the loop, but for what says otherwise.
 */
public interface Carrier {

    /** What is promised of the order in which frames come. */
    FrameOrder order();

    /** The loop that the carrier, and the session on it, is confined to. */
    SessionLoop loop();

    /** The time now by the loop's clock; a carrier may read it once for what it brings or takes together. Loop only. */
    default long nowNanos() {
        return loop().nowNanos();
    }

    /** What the way to the peer is like now. */
    Path path();

    /** The round trip in ns as far as it is known now, from the handshake at first; 0 if it is not: nothing is assumed. */
    default long roundTripNanos() {
        return path().roundTripNanos();
    }

    /**
     * Whether a peer that has another network key, or none, would not have come so far: if not, HELLO has to show it (PROTOCOL
     * section 2).
     */
    default boolean provesNetworkKey() {
        return true;
    }

    /** Begins to carry. Once; calls neither of the two before it has returned. */
    void start(Lanes lanes, FrameSink sink);

    /** There may be something to write in any lane but those of halves. Coalesced: nothing is asked within this call. */
    void wake();

    /** This half may have elements to write; it is asked until it has none. */
    void wake(HalfLane half);

    /** This half has ended: it is not asked any more. What it has written is carried all the same. */
    void forget(HalfLane half);

    /** Whether it has room, so that it asks as soon as there is something to say. */
    boolean takesMore();

    /** Whether there is more to ask for and no room for it now; false where nobody measures it. Any thread. */
    boolean isBlocked();

    /**
     * How long it could not ask for more because it had no room, in ns in all until now; 0 where nobody measures it. Any thread.
     *
     * @param nowNanos now, on the clock of the loop
     */
    long blockedNanos(long nowNanos);

    /**
     * How long the peer has taken nothing of what waits for it, in ns until now; 0 where it takes, where nothing waits, and where
     * nobody measures it. Other than {@link #blockedNanos} it begins anew whenever something is taken.
     */
    long stalledNanos(long nowNanos);

    /** What {@link #stalledNanos} counts now, in words that a length of time can follow. */
    default String stall(long nowNanos) {
        return "the peer has taken nothing";
    }

    /** The largest datagram that it takes, as HELLO tells the peer, in bytes; 0 where there are none. */
    default int maxDatagramBytes() {
        return 0;
    }

    /**
     * The peer's HELLO has come: before that nothing else may.
     *
     * @param maxDatagramBytes the largest datagram that the peer takes; 0 if it has not told
     */
    default void onPeerHello(long maxDatagramBytes) {}

    /** A PONG has come, in what is being read now, that answers no PING of the session: it may answer one of the carrier's. */
    default void onPong(long token) {}

    /** What the path is like now, where there is one. */
    default @Nullable PathStats stats() {
        return null;
    }

    /** Gives up memory that nothing under way needs. */
    void trim();

    /** Ends both directions at once; what has not left is dropped. Nothing is asked or told any more. Idempotent. */
    void close();
}
