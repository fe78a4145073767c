package io.weir.reactive.session.packet;

import io.weir.reactive.session.loop.Lent;
import io.weir.reactive.session.loop.Plaintexts;

/** The packet buffers of a node's threads, {@link Lent} to its sessions. */
public final class PacketBuffers {

    static final byte[] NOTHING = new byte[0];

    private final Lent<PacketBuffer> free = new Lent<>();
    private final Plaintexts plaintexts = new Plaintexts(PacketBuffer.LEAST);

    /** Buffers of a node without sessions yet: none. */
    public PacketBuffers() {}

    /**
     * One for packets of that size.
     *
     * @param datagramBytes of the largest
     * @param batchBytes of as many as go out at once
     */
    PacketBuffer borrow(int datagramBytes, int batchBytes) {
        PacketBuffer buffer = free.borrow();
        return buffer != null && buffer.takes(datagramBytes, batchBytes)
                ? buffer
                : new PacketBuffer(datagramBytes, batchBytes);
    }

    /** Nobody uses it any more. */
    void giveBack(PacketBuffer buffer) {
        buffer.frames().reset();
        free.giveBack(buffer);
    }

    /** As {@link Plaintexts#borrow}. */
    byte[] borrowPlaintext(int length) {
        return plaintexts.borrow(length);
    }

    /** As {@link Plaintexts#giveBack}. */
    void giveBack(byte[] plaintext) {
        plaintexts.giveBack(plaintext);
    }

    /** A session of this thread was quiet for a while: gives up what the next packet makes anew. */
    void trim() {
        free.clear();
        plaintexts.trim();
    }
}
