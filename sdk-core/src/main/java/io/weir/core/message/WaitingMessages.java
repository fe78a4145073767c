package io.weir.core.message;

import io.weir.core.credit.Cost;
import io.weir.core.credit.PackedQueue;
import io.weir.core.wire.Headers;
import io.weir.core.wire.NameCache;
import io.weir.core.wire.VarInt;
import java.nio.ByteBuffer;

/**
 * Messages of the peer that are complete and wait for a place, in order and as bytes: an object for each would take
 * twelve times the credit of a small one.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     id (v)    |name length (v)|            name ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          headers, as in the frame         |    body ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>That is at most what the message costs: beside its name, headers and body there are at most 11 bytes. Bounded by the window
 * that the messages came under. Confined to the session's loop.
 */
final class WaitingMessages implements PackedQueue.Entries {

    /** Takes one message, whose array is not written any more. */
    interface Taker {
        void take(long id, long cost, String name, Headers headers, byte[] array, int offset, int length);
    }

    private final NameCache names;
    private final PackedQueue queue = new PackedQueue(this);
    private byte[] scratch = Outgoing.NO_BYTES;

    WaitingMessages(NameCache names) {
        this.names = names;
    }

    /** Appends a message; its array is copied. */
    void add(long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        byte[] nameBytes = names.encode(name);
        int most = VarInt.length(id) + VarInt.length(nameBytes.length) + nameBytes.length + headers.encodedLength();
        if (scratch.length < most) {
            scratch = new byte[most];
        }
        int at = VarInt.write(scratch, 0, id);
        at = VarInt.write(scratch, at, nameBytes.length);
        System.arraycopy(nameBytes, 0, scratch, at, nameBytes.length);
        at = headers.copyTo(scratch, at + nameBytes.length);
        queue.add(scratch, at, array, offset, length, cost);
    }

    /** Takes the oldest; false if there is none. */
    boolean poll(Taker taker) {
        ByteBuffer entry = queue.poll();
        if (entry == null) {
            return false;
        }
        byte[] a = entry.array();
        int start = entry.arrayOffset();
        int end = start + entry.capacity();
        long id = VarInt.read(a, start, end);
        int nameAt = nameAt(a, start);
        int nameLength = nameLength(a, start, end);
        Headers headers = Headers.copied(a, nameAt + nameLength, end);
        int body = nameAt + nameLength + headers.encodedLength();
        String name = names.decode(a, nameAt, nameLength);
        taker.take(id, cost(a, start, end - start), name == null ? "" : name, headers, a, body, end - body);
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

    private static int nameAt(byte[] array, int start) {
        int at = start + VarInt.lengthFrom(array[start]);
        return at + VarInt.lengthFrom(array[at]);
    }

    private static int nameLength(byte[] array, int start, int end) {
        return (int) VarInt.read(array, start + VarInt.lengthFrom(array[start]), end);
    }
}
