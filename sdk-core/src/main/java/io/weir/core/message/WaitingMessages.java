package io.weir.core.message;

import io.weir.core.credit.Cost;
import io.weir.core.credit.PackedQueue;
import io.weir.core.wire.Headers;
import io.weir.core.wire.NameCache;
import io.weir.core.wire.VarInt;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Messages of the peer that are complete and wait for a place, in order and as bytes: an object for each would take
 * twelve times the credit of a small one.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                        came (in ticks)                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     id (v)    |name length (v)|            name ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          headers, as in the frame         |    body ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>That is at most what the message costs: beside its name, headers and body there are at most 15 bytes. When it came is
 * told in units of {@value #NANOS_PER_TICK} ns, of which 32 bits count 78 hours. Bounded by the window that the messages came
 * under. Confined to the session's loop.
 */
final class WaitingMessages implements PackedQueue.Entries {

    /** Takes one message, whose array is not written any more. */
    interface Taker {
        void take(
                long cameNanos, long id, long cost, String name, Headers headers, byte[] array, int offset, int length);
    }

    /** How exactly it is kept when a message came. */
    static final long NANOS_PER_TICK = 1 << 16;

    private static final int TICK_BITS = 16;

    private static final int TICK_BYTES = Integer.BYTES;
    private static final VarHandle TICK = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final NameCache names;
    private final PackedQueue queue = new PackedQueue(this);
    private byte[] scratch = Outgoing.NO_BYTES;

    WaitingMessages(NameCache names) {
        this.names = names;
    }

    /** Appends a message, which came now; its array is copied. */
    void add(long nowNanos, long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        byte[] nameBytes = names.encode(name);
        int most = TICK_BYTES
                + VarInt.length(id)
                + VarInt.length(nameBytes.length)
                + nameBytes.length
                + headers.encodedLength();
        if (scratch.length < most) {
            scratch = new byte[most];
        }
        TICK.set(scratch, 0, tick(nowNanos));
        int at = VarInt.write(scratch, TICK_BYTES, id);
        at = VarInt.write(scratch, at, nameBytes.length);
        System.arraycopy(nameBytes, 0, scratch, at, nameBytes.length);
        at = headers.copyTo(scratch, at + nameBytes.length);
        queue.add(scratch, at, array, offset, length, cost);
    }

    /** Takes the oldest, now; false if there is none. */
    boolean poll(long nowNanos, Taker taker) {
        ByteBuffer entry = queue.poll();
        if (entry == null) {
            return false;
        }
        byte[] a = entry.array();
        int start = entry.arrayOffset();
        int end = start + entry.capacity();
        long waitedNanos = (tick(nowNanos) - (int) TICK.get(a, start) & 0xFFFF_FFFFL) * NANOS_PER_TICK;
        long id = VarInt.read(a, start + TICK_BYTES, end);
        int nameAt = nameAt(a, start);
        int nameLength = nameLength(a, start, end);
        Headers headers = Headers.copied(a, nameAt + nameLength, end);
        int body = nameAt + nameLength + headers.encodedLength();
        String name = names.decode(a, nameAt, nameLength);
        taker.take(
                nowNanos - waitedNanos,
                id,
                cost(a, start, end - start),
                name == null ? "" : name,
                headers,
                a,
                body,
                end - body);
        return true;
    }

    void clear() {
        queue.clear();
        trim();
    }

    /** Gives up memory that is not needed while nothing waits. */
    void trim() {
        if (queue.isEmpty()) {
            scratch = Outgoing.NO_BYTES;
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int size() {
        return queue.size();
    }

    /** Heap that the messages take, in bytes. */
    long heldHeapBytes() {
        return queue.heldHeapBytes();
    }

    // ---- what an entry says

    @Override
    public long cost(byte[] array, int offset, int length) {
        int end = offset + length;
        int nameAt = nameAt(array, offset);
        int nameLength = nameLength(array, offset, end);
        int headersAt = nameAt + nameLength;
        int uncounted = array[headersAt] == 0 ? 1 : 0; // no headers cost nothing, and are a byte here
        return Cost.of(end - nameAt - uncounted);
    }

    private static int tick(long nanos) {
        return (int) (nanos >> TICK_BITS);
    }

    private static int nameAt(byte[] array, int start) {
        int at = start + TICK_BYTES + VarInt.lengthFrom(array[start + TICK_BYTES]);
        return at + VarInt.lengthFrom(array[at]);
    }

    private static int nameLength(byte[] array, int start, int end) {
        return (int) VarInt.read(array, start + TICK_BYTES + VarInt.lengthFrom(array[start + TICK_BYTES]), end);
    }
}
