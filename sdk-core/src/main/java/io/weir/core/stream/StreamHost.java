package io.weir.core.stream;

/** What a {@link StreamTable} asks of its session and tells it. Called on the loop. */
public interface StreamHost {

    /**
     * The peer opened an epoch that nobody here has. {@link StreamTable#accept} or {@link StreamTable#refuse} it, now
     * or later; until then it takes elements up to its initial window.
     */
    void onIncoming(StreamEpoch epoch);

    /**
     * An epoch from {@link #onIncoming} that was neither accepted nor refused is gone: one too many waited (UNCLAIMED),
     * or the peer opened a higher epoch, or broke its credit. It must not be accepted any more.
     */
    default void onWithdrawn(StreamEpoch epoch) {}

    /** {@link StreamTable#hasControl} has become true: call {@link StreamTable#writeControl} soon, not from here. */
    void onControlPending();

    /**
     * The peer waits to open streams for which there is no memory: call {@link StreamTable#onMemoryFreed} when some may
     * have become free.
     */
    default void onMemoryShort() {}

    /** The peer was allowed so much more on a stream, by a WINDOW that is written. In bytes of cost, above 0. */
    default void onGranted(StreamEpoch epoch, long bytes) {}

    /** The loop's monotonic clock. */
    long nowNanos();

    /** A number that no peer knows, the same for the life of the table: ids and handles are spread by it. */
    default long hashSeed() {
        return 0;
    }

    /** The link's round-trip time, or a floor where nobody measures it. */
    long rttNanos();

    /**
     * Reserves the whole total of a payload larger than its stream's window.
     *
     * <p>The host may watch {@link ReceiveHalf#payloadGained} and end what comes too slowly by {@link
     * ReceiveHalf#payloadTooSlow}.
     *
     * @return true: reserved now. False: it waits its turn, first come first served;
     *     {@link ReceiveHalf#onPayloadReserved} is called when it is reserved, unless that half has ended
     */
    boolean reservePayload(StreamEpoch epoch, long bytes);

    /** Gives back what {@link #reservePayload} has reserved for this stream. */
    void releasePayload(StreamEpoch epoch, long bytes);
}
