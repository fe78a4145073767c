package io.weir.reactive.session.packet;

import java.util.ArrayDeque;

/**
 * The packet buffers of a node's threads. A session needs one only while it says or hears something, so it borrows it from the
 * thread it runs on: a thousand idle sessions of one loop hold none.
 *
 * <p>Borrowed and given back by the same thread, within one call. Filling a packet, and taking one, calls user code, which may
 * make another session of the thread say or hear something meanwhile: that one borrows another buffer.
 */
public final class PacketBuffers {

    static final byte[] NOTHING = new byte[0];

    /** More than one is needed only while a packet is filled inside the filling of another. */
    private static final int MOST_KEPT = 2;

    private final ThreadLocal<ArrayDeque<PacketBuffer>> free =
            ThreadLocal.withInitial(() -> new ArrayDeque<>(MOST_KEPT));

    private final ThreadLocal<ArrayDeque<byte[]>> plaintexts =
            ThreadLocal.withInitial(() -> new ArrayDeque<>(MOST_KEPT));

    /** Buffers of a node without sessions yet: none. */
    public PacketBuffers() {}

    /**
     * One for packets of that size.
     *
     * @param datagramBytes of the largest
     * @param batchBytes of as many as go out at once
     */
    PacketBuffer borrow(int datagramBytes, int batchBytes) {
        PacketBuffer buffer = free.get().pollLast();
        return buffer != null && buffer.takes(datagramBytes, batchBytes)
                ? buffer
                : new PacketBuffer(datagramBytes, batchBytes);
    }

    /** Nobody uses it any more. */
    void giveBack(PacketBuffer buffer) {
        buffer.frames().reset();
        ArrayDeque<PacketBuffer> kept = free.get();
        if (kept.size() < MOST_KEPT) {
            kept.addLast(buffer);
        }
    }

    /** An array for a plaintext of so many bytes, or more, with whatever was in it last. */
    byte[] borrowPlaintext(int length) {
        byte[] plaintext = plaintexts.get().pollLast();
        return plaintext != null && plaintext.length >= length ? plaintext : new byte[roomFor(length)];
    }

    private static int roomFor(int length) {
        return Math.max(PacketBuffer.LEAST, Integer.highestOneBit(Math.max(1, length - 1)) << 1);
    }

    /** Nobody uses it any more, nor refers to it. */
    void giveBack(byte[] plaintext) {
        ArrayDeque<byte[]> kept = plaintexts.get();
        if (kept.size() < MOST_KEPT) {
            kept.addLast(plaintext);
        }
    }

    /** A session of this thread was quiet for a while: gives up what the next packet makes anew. */
    void trim() {
        free.get().clear();
        plaintexts.get().clear();
    }
}
