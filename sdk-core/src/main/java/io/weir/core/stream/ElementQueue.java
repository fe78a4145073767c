package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.credit.PackedQueue;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Elements that arrived before the subscriber asked for them, first in, first out, packed so that
 *
 * <p>{@code heldHeapBytes() <= bytes() + bytes() / 256 + 704}
 *
 * <p>at all times ({@link PackedQueue}), which for the default window of 65,536 is less than 1 KiB above the cost. A large
 * payload that fills nearly all of its record's array is not copied; the array itself is kept.
 *
 * <p>Confined to the session's loop. Bounded by the credit granted, which its owner enforces.
 */
public final class ElementQueue {
    /** As {@code recordLength}: the array is used again by the caller, so everything is copied. */
    public static final int ALWAYS_COPY = PackedQueue.ALWAYS_COPY;

    private final PackedQueue queue = new PackedQueue((array, offset, length) -> Cost.of(length));

    /**
     * Adds one element.
     *
     * @param recordLength length of the record's plaintext, of which {@code array} holds nothing else: if the payload is
     *     most of it, the array itself may be kept, and the caller never writes to it again; {@link #ALWAYS_COPY} if the
     *     caller does
     */
    public void add(byte[] array, int offset, int length, int recordLength) {
        queue.add(array, offset, length, Cost.of(length), recordLength);
    }

    /** Takes the oldest element: a read-only view of exactly its payload, on the heap; null if there is none. */
    public @Nullable ByteBuffer poll() {
        ByteBuffer payload = queue.poll();
        return payload == null ? null : payload.asReadOnlyBuffer();
    }

    /** Drops everything. */
    public void clear() {
        queue.clear();
    }

    /** Number of elements. */
    public int size() {
        return queue.size();
    }

    /** Whether there is no element. */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Cost of the elements here, in bytes. */
    public long bytes() {
        return queue.bytes();
    }

    /** Heap that the queue keeps alive, in bytes, its own objects included. */
    public long heldHeapBytes() {
        return queue.heldHeapBytes();
    }
}
