package io.weir.core.stream;

import io.weir.core.credit.Cost;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Elements that arrived before the subscriber asked for them, first in, first out, held in little more heap than the
 * credit they cost.
 *
 * <p>An element of {@code n} bytes costs 16 + n, and that is what its receiver has reserved. An object for each element
 * would need several times that for small payloads, and a view of the record it came in would keep the whole record alive
 * for one byte. So payloads are copied, each behind its length, into chunks:
 *
 * <pre>
 *   head                                            tail
 *   +---------------------------+    +----------------------------+    +------------------------+
 *   | taken | n1 p1 | n2 p2 ... | -&gt; | n p | n p | n p | ...      | -&gt; | n p | n p |    free    |
 *   +---------------------------+    +----------------------------+    +------------------------+
 * </pre>
 *
 * A chunk is <em>paid for</em> when its heap is at most the cost of its elements and 1/256 of it. Only the head and the tail
 * may be short of that, by at most {@value #MAX_SHORT} bytes each: a tail is succeeded only when it is paid for and is
 * copied into a larger one otherwise, and a head of which too much has been taken is copied into a smaller one. So
 *
 * <p>{@code heldHeapBytes() <= bytes() + bytes() / 256 + 704}
 *
 * <p>at all times, which for the default window of 65,536 is less than 1 KiB above the cost. A large payload that fills
 * nearly all of its record's array is not copied; the array becomes its chunk.
 *
 * <p>Confined to the session's loop. Bounded by the credit granted, which its owner enforces.
 */
public final class ElementQueue {
    /** As {@code recordLength}: the array is used again by the caller, so everything is copied. */
    public static final int ALWAYS_COPY = Integer.MAX_VALUE;

    /** Most heap of a head or tail chunk that its elements do not pay for, in bytes. */
    static final int MAX_SHORT = 320;

    /** Capacity of the first chunk of an empty queue: one that may stay when the queue runs empty. */
    private static final int FIRST_CHUNK = 272;

    /** Headers of a Chunk and of its array, and padding of the latter, with compressed references. */
    private static final int CHUNK_HEAP = 32 + 16;

    private static final int QUEUE_HEAP = 40;

    private @Nullable Chunk head;
    private @Nullable Chunk tail;
    private int size;
    private long bytes;
    private long heldHeap = QUEUE_HEAP;

    /**
     * Adds one element.
     *
     * @param recordLength length of the record's plaintext, of which {@code array} holds nothing else: if the payload is
     *     most of it, the array itself may be kept, and the caller never writes to it again; {@link #ALWAYS_COPY} if the
     *     caller does
     */
    public void add(byte[] array, int offset, int length, int recordLength) {
        long cost = Cost.of(length);
        size++;
        bytes += cost;
        int need = lengthOfLength(length) + length;
        Chunk last = tail;
        if (last != null && last.cost == 0 && last.array.length - last.end < need) {
            unlinkHead(last);
            last = null;
        }
        if (last != null && !last.single && last.array.length - last.end >= need) {
            last.append(array, offset, length);
            return;
        }
        if (last != null && last.shortBytes() > 0) {
            resize(last, last.unread() + need + roomFor(need, last.cost + cost, last.unread() + need));
            last.append(array, offset, length);
            return;
        }
        if (length >= recordLength >> 1 && CHUNK_HEAP + aligned(array.length) <= cost + (cost >> 8)) {
            link(new Chunk(array, offset, offset + length, cost, true));
            return;
        }
        int capacity = last == null && need <= FIRST_CHUNK / 2 ? FIRST_CHUNK : need + roomFor(need, cost, need);
        Chunk next = new Chunk(new byte[capacity], 0, 0, 0, false);
        link(next);
        next.append(array, offset, length);
    }

    /** Takes the oldest element: a read-only view of exactly its payload, on the heap; null if there is none. */
    public @Nullable ByteBuffer poll() {
        Chunk first = head;
        if (first == null || size == 0) {
            return null;
        }
        int length = first.takeLength();
        ByteBuffer payload =
                ByteBuffer.wrap(first.array).slice(first.read, length).asReadOnlyBuffer();
        long cost = Cost.of(length);
        first.read += length;
        first.cost -= cost;
        size--;
        bytes -= cost;
        trim(first);
        return payload;
    }

    /** Drops everything. */
    public void clear() {
        head = null;
        tail = null;
        size = 0;
        bytes = 0;
        heldHeap = QUEUE_HEAP;
    }

    /** Number of elements. */
    public int size() {
        return size;
    }

    /** Whether there is no element. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Cost of the elements here, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Heap that the queue keeps alive, in bytes, its own objects included. */
    public long heldHeapBytes() {
        return heldHeap;
    }

    private void trim(Chunk first) {
        // Views of what was taken may still be alive, so an array is never written to twice; only its free end is.
        boolean reusable = first == tail && !first.single && first.end < first.array.length;
        if (first.cost == 0 && (!reusable || first.shortBytes() > MAX_SHORT)) {
            unlinkHead(first);
        } else if (first.shortBytes() > MAX_SHORT) {
            resize(first, first.unread());
        }
    }

    private void unlinkHead(Chunk first) {
        heldHeap -= first.heap();
        head = first.next;
        if (head == null) {
            tail = null;
        }
    }

    private void link(Chunk chunk) {
        heldHeap += chunk.heap();
        if (tail == null) {
            head = chunk;
        } else {
            tail.next = chunk;
        }
        tail = chunk;
    }

    private void resize(Chunk chunk, int capacity) {
        heldHeap -= chunk.heap();
        chunk.moveTo(new byte[capacity]);
        heldHeap += chunk.heap();
    }

    /** Room to leave for elements like the one that needs {@code need}, in a chunk with {@code used} bytes of them. */
    private static int roomFor(int need, long cost, int used) {
        long room = cost + MAX_SHORT - CHUNK_HEAP - Long.BYTES - used;
        return room < need ? 0 : (int) (room / need) * need;
    }

    private static int lengthOfLength(int length) {
        int bits = 32 - Integer.numberOfLeadingZeros(length | 1);
        return (bits + 6) / 7;
    }

    private static long aligned(int length) {
        return (length + 7L) & ~7L;
    }

    /** Some elements in one array: each as its length, 7 bits a byte and low ones first, and its payload. */
    private static final class Chunk {
        byte[] array;
        int read;
        int end;
        /** Cost of the elements not taken yet. */
        long cost;
        /** Holds one payload without its length. */
        boolean single;

        @Nullable
        Chunk next;

        Chunk(byte[] array, int read, int end, long cost, boolean single) {
            this.array = array;
            this.read = read;
            this.end = end;
            this.cost = cost;
            this.single = single;
        }

        void append(byte[] from, int offset, int length) {
            end = putLength(array, end, length);
            System.arraycopy(from, offset, array, end, length);
            end += length;
            cost += Cost.of(length);
        }

        int takeLength() {
            if (single) {
                return end - read;
            }
            int length = 0;
            int shift = 0;
            byte b;
            do {
                b = array[read++];
                length |= (b & 0x7F) << shift;
                shift += 7;
            } while (b < 0);
            return length;
        }

        /** Bytes that the elements not taken yet would fill in a new array. */
        int unread() {
            int rest = end - read;
            return single ? lengthOfLength(rest) + rest : rest;
        }

        void moveTo(byte[] to) {
            int at = single ? putLength(to, 0, end - read) : 0;
            System.arraycopy(array, read, to, at, end - read);
            end = at + end - read;
            read = 0;
            array = to;
            single = false;
        }

        long heap() {
            return CHUNK_HEAP + aligned(array.length);
        }

        long shortBytes() {
            return heap() - cost - (cost >> 8);
        }

        private static int putLength(byte[] to, int at, int length) {
            int rest = length;
            int pos = at;
            while (rest > 0x7F) {
                to[pos++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            to[pos++] = (byte) rest;
            return pos;
        }
    }
}
