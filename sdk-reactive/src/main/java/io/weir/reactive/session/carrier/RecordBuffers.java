package io.weir.reactive.session.carrier;

import java.util.ArrayDeque;

/**
 * The record buffers of a node's threads. A session needs one only while it says or hears something, so it borrows it from
 * the thread it runs on: a thousand idle sessions of one loop hold none.
 *
 * <p>Borrowed and given back by the same thread, within one call. Filling a record, and taking one, calls user code, which
 * may make another session of the thread say or hear something meanwhile: that one borrows another buffer.
 */
public final class RecordBuffers {

    /** More than one is needed only while a record is filled inside the filling of another. */
    private static final int MOST_KEPT = 2;

    private static final int LEAST_PLAINTEXT = 512;

    private final ThreadLocal<ArrayDeque<RecordBuffer>> free =
            ThreadLocal.withInitial(() -> new ArrayDeque<>(MOST_KEPT));

    private final ThreadLocal<ArrayDeque<byte[]>> plaintexts =
            ThreadLocal.withInitial(() -> new ArrayDeque<>(MOST_KEPT));

    /** Buffers of a node without sessions yet: none. */
    public RecordBuffers() {}

    /** One with an empty record. */
    RecordBuffer borrow() {
        RecordBuffer buffer = free.get().pollLast();
        return buffer != null ? buffer : new RecordBuffer();
    }

    /** Nobody uses it any more. */
    void giveBack(RecordBuffer buffer) {
        buffer.record().reset();
        ArrayDeque<RecordBuffer> kept = free.get();
        if (kept.size() < MOST_KEPT) {
            kept.addLast(buffer);
        }
    }

    /** An array for a plaintext of so many bytes, or more, with whatever was in it last. */
    byte[] borrowPlaintext(int length) {
        byte[] plaintext = plaintexts.get().pollLast();
        return plaintext != null && plaintext.length >= length ? plaintext : new byte[roomFor(length)];
    }

    /** Little where a session only beats: there may be many of those, each of a node of its own. */
    private static int roomFor(int length) {
        return Math.max(LEAST_PLAINTEXT, Integer.highestOneBit(Math.max(1, length - 1)) << 1);
    }

    /** Nobody uses it any more, nor refers to it. */
    void giveBack(byte[] plaintext) {
        ArrayDeque<byte[]> kept = plaintexts.get();
        if (kept.size() < MOST_KEPT) {
            kept.addLast(plaintext);
        }
    }

    /** A session of this thread was quiet for a while: gives up the plaintexts, which the next record makes anew. */
    void trim() {
        plaintexts.get().clear();
    }
}
