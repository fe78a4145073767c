package io.weir.core.credit;

/**
 * Memory that can be promised to peers: who grants credit reserves here first.
 *
 * <p>The pool of a node is shared by sessions on several loops, so an implementation for a node is thread-safe and never
 * blocks; a {@link MemoryBudget} is one session's share and is confined to its loop.
 */
public interface MemoryPool {
    /** Reserves {@code bytes} (at least 0), wholly or not at all; false changes nothing. */
    boolean tryReserve(long bytes);

    /** Gives back {@code bytes} that were reserved here. */
    void release(long bytes);

    /** Bytes that could still be reserved here, if nobody else is faster. */
    default long available() {
        return Long.MAX_VALUE;
    }

    /** Bytes that can be reserved here in all. */
    default long maxBytes() {
        return Long.MAX_VALUE;
    }

    /** A pool without a bound of its own: the parent of a budget that stands alone. */
    static MemoryPool unbounded() {
        return Unbounded.INSTANCE;
    }
}
