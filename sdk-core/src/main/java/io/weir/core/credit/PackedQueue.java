package io.weir.core.credit;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a peer has sent and nobody has taken yet, first in, first out, held in little more heap than the credit it costs.
 *
 * <p>An entry of {@code n} bytes costs 16 + n or more, and that is what its receiver has reserved. An object for each entry
 * would need several times that for small ones, and a view of the record it came in would keep the whole record alive
 * for one byte. So entries are copied, each behind its length, into chunks:
 *
 * <pre>
 *   head                                            tail
 *   +---------------------------+    +----------------------------+    +------------------------+
 *   | taken | n1 e1 | n2 e2 ... | -&gt; | n e | n e | n e | ...      | -&gt; | n e | n e |    free    |
 *   +---------------------------+    +----------------------------+    +------------------------+
 * </pre>
 *
 * A chunk is <em>paid for</em> when its heap is at most the cost of its entries and 1/256 of it. Only the head and the tail
 * may be short of that, by at most {@value #MAX_SHORT} bytes each: a tail is succeeded only when it is paid for and is
 * copied into a larger one otherwise, and a head of which too much has been taken is copied into a smaller one. So
 *
 * <p>{@code heldHeapBytes() <= bytes() + bytes() / 256 + 704}
 *
 * <p>at all times. A large entry that fills nearly all of its record's array is not copied; the array becomes its chunk.
 *
 * <p>Not thread safe. Bounded by the credit granted, which its owner enforces.
 */
public final class PackedQueue {

    /** As {@code recordLength}: the array is used again by the caller, so everything is copied. */
    public static final int ALWAYS_COPY = Integer.MAX_VALUE;

    /** Most heap of a head or tail chunk that its entries do not pay for, in bytes. */
    static final int MAX_SHORT = 320;

    /** Headers of a Chunk and of its array, and padding of the latter, with compressed references. */
    private static final int CHUNK_HEAP = 48 + 16;

    /** Capacity of the first chunk of an empty queue: one that may stay when the queue runs empty. */
    private static final int FIRST_CHUNK = MAX_SHORT - CHUNK_HEAP;

    /** This object, and the one that it is a part of. */
    private static final int QUEUE_HEAP = 48 + 16;

    private static final byte[] NOTHING = new byte[0];

    /** What an entry's bytes mean. */
    public interface Entries {

        /** What the entry costs in credit: 16 + its length, or more. */
        long cost(byte[] array, int offset, int length);
    }

    private final Entries entries;
    private @Nullable Chunk head;
    private @Nullable Chunk tail;
    private int size;
    private long bytes;
    private long heldHeap = QUEUE_HEAP;

    /** An empty queue. */
    public PackedQueue(Entries entries) {
        this.entries = entries;
    }

    /**
     * Adds an entry that is a range of an array.
     *
     * @param recordLength length of the record's plaintext, of which {@code array} holds nothing else: if the entry is
     *     most of it, the array itself may be kept, and the caller never writes to it again; {@link #ALWAYS_COPY} if the
     *     caller does
     */
    public void add(byte[] array, int offset, int length, long cost, int recordLength) {
        boolean paidFor = length >= recordLength >> 1 && CHUNK_HEAP + aligned(array.length) <= cost + (cost >> 8);
        if (paidFor && !tailTakes(lengthOfLength(length) + length)) {
            size++;
            bytes += cost;
            link(new Chunk(array, offset, offset + length, cost, true));
            return;
        }
        add(NOTHING, 0, array, offset, length, cost);
    }

    /** Adds an entry of two parts, the first {@code firstLength} bytes of one array and a range of another. Both are copied. */
    public void add(byte[] first, int firstLength, byte[] array, int offset, int length, long cost) {
        size++;
        bytes += cost;
        int whole = firstLength + length;
        int need = lengthOfLength(whole) + whole;
        Chunk chunk = chunkFor(need, cost);
        chunk.append(first, firstLength, array, offset, length, cost);
    }

    /** Takes the oldest entry: a view of exactly its bytes, on the heap and not to be written; null if there is none. */
    public @Nullable ByteBuffer poll() {
        Chunk first = head;
        if (first == null || size == 0) {
            return null;
        }
        int length = first.lengthAt(first.read);
        first.read += first.prefixBytes(length);
        ByteBuffer entry = ByteBuffer.wrap(first.array).slice(first.read, length);
        long cost = entries.cost(first.array, first.read, length);
        first.read += length;
        first.cost -= cost;
        size--;
        bytes -= cost;
        trim(first);
        return entry;
    }

    /** Drops everything. */
    public void clear() {
        head = null;
        tail = null;
        size = 0;
        bytes = 0;
        heldHeap = QUEUE_HEAP;
    }

    /** Number of entries. */
    public int size() {
        return size;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Cost of the entries here, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Heap that the queue keeps alive, in bytes, its own objects included. */
    public long heldHeapBytes() {
        return heldHeap;
    }

    /** Whether the last chunk has room, or is not paid for; an empty one without room is given up. */
    private boolean tailTakes(int need) {
        Chunk last = tail;
        if (last == null) {
            return false;
        }
        boolean room = !last.single && last.array.length - last.end >= need;
        if (last.cost == 0 && !room) {
            unlink(last);
            return false;
        }
        return room || last.shortBytes() > 0;
    }

    /** The chunk at the end, with room for what needs so many bytes. */
    private Chunk chunkFor(int need, long cost) {
        boolean here = tailTakes(need);
        Chunk last = tail;
        if (here && last != null) {
            if (last.single || last.array.length - last.end < need) {
                resize(last, last.unread() + need + roomFor(need, last.cost + cost, last.unread() + need));
            }
            return last;
        }
        int capacity = last == null && need <= FIRST_CHUNK / 2 ? FIRST_CHUNK : need + roomFor(need, cost, need);
        Chunk next = new Chunk(new byte[capacity], 0, 0, 0, false);
        link(next);
        return next;
    }

    private void trim(Chunk first) {
        // Views of what was taken may still be alive, so an array is never written to twice; only its free end is.
        boolean reusable = first == tail && !first.single && first.end < first.array.length;
        if (first.cost == 0 && (!reusable || first.shortBytes() > MAX_SHORT)) {
            unlink(first);
        } else if (first.shortBytes() > MAX_SHORT) {
            resize(first, first.unread());
        }
    }

    private void unlink(Chunk chunk) {
        heldHeap -= chunk.heap();
        Chunk before = chunk.previous;
        Chunk after = chunk.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
    }

    private void link(Chunk chunk) {
        heldHeap += chunk.heap();
        Chunk before = tail;
        chunk.previous = before;
        if (before == null) {
            head = chunk;
        } else {
            before.next = chunk;
        }
        tail = chunk;
    }

    private void resize(Chunk chunk, int capacity) {
        heldHeap -= chunk.heap();
        chunk.moveTo(new byte[capacity]);
        heldHeap += chunk.heap();
    }

    /** Room to leave for entries like the one that needs {@code need}, in a chunk with {@code used} bytes of them. */
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

    /** Some entries in one array: each as its length, 7 bits a byte and low ones first, and its bytes. */
    private static final class Chunk {
        private byte[] array;
        private int read;
        private int end;
        /** Cost of the entries not taken yet. */
        private long cost;
        /** Holds one entry without its length. */
        private boolean single;

        private @Nullable Chunk previous;
        private @Nullable Chunk next;

        private Chunk(byte[] array, int read, int end, long cost, boolean single) {
            this.array = array;
            this.read = read;
            this.end = end;
            this.cost = cost;
            this.single = single;
        }

        private void append(byte[] first, int firstLength, byte[] from, int offset, int length, long itsCost) {
            end = putLength(array, end, firstLength + length);
            System.arraycopy(first, 0, array, end, firstLength);
            System.arraycopy(from, offset, array, end + firstLength, length);
            end += firstLength + length;
            cost += itsCost;
        }

        private int lengthAt(int at) {
            if (single) {
                return end - read;
            }
            int length = 0;
            int shift = 0;
            int pos = at;
            byte b;
            do {
                b = array[pos++];
                length |= (b & 0x7F) << shift;
                shift += 7;
            } while (b < 0);
            return length;
        }

        private int prefixBytes(int length) {
            return single ? 0 : lengthOfLength(length);
        }

        /** Bytes that the entries not taken yet would fill in a new array. */
        private int unread() {
            int rest = end - read;
            return single ? lengthOfLength(rest) + rest : rest;
        }

        private void moveTo(byte[] to) {
            int at = single ? putLength(to, 0, end - read) : 0;
            System.arraycopy(array, read, to, at, end - read);
            end = at + end - read;
            read = 0;
            array = to;
            single = false;
        }

        private long heap() {
            return CHUNK_HEAP + aligned(array.length);
        }

        private long shortBytes() {
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
