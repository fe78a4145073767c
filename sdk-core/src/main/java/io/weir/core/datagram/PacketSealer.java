package io.weir.core.datagram;

import io.weir.core.crypto.RecordCipher;

/**
 * Makes the packets that one side of a session sends (PROTOCOL sections 1 and 2). Loop-confined; who has made it closes it.
 */
public final class PacketSealer implements AutoCloseable {
    /** Bytes of a packet beside its frames: header and tag. */
    public static final int OVERHEAD = PacketHeader.LENGTH + RecordCipher.OVERHEAD;

    /** Result: the keys have reached their limit, and the session ends with KEY_EXHAUSTED. */
    public static final int EXHAUSTED = RecordCipher.KEY_EXHAUSTED;

    private final RecordCipher cipher;
    private final int receiverIndex;

    /**
     * For the peer that has that index.
     *
     * @param cipher a sealing one, which is closed with this
     */
    public PacketSealer(RecordCipher cipher, int receiverIndex) {
        this.cipher = cipher;
        this.receiverIndex = receiverIndex;
    }

    /**
     * Makes a packet.
     *
     * @param number higher than that of every packet before; the peer can follow over fewer than 2^20 that it never sees, so
     *     no more may be under way without an acknowledgement
     * @param frames the array with the frames from {@code offset} on
     * @param length of the frames, 1 or more
     * @param packet where the packet goes, from position 0 on: another array, with room for {@link #OVERHEAD} more
     * @return length of the packet, or {@link #EXHAUSTED} with nothing that may be sent
     */
    public int seal(long number, byte[] frames, int offset, int length, byte[] packet) {
        return seal(number, frames, offset, length, packet, 0);
    }

    /** The same, with the packet from {@code packetOffset} on. */
    public int seal(long number, byte[] frames, int offset, int length, byte[] packet, int packetOffset) {
        if (length < 1) {
            throw new IllegalArgumentException("length is " + length + ", must be 1 or more: a packet holds frames");
        }
        int sealed = cipher.seal(number, frames, offset, length, packet, packetOffset + PacketHeader.LENGTH);
        if (sealed < 0) {
            return EXHAUSTED;
        }
        PacketHeader.write(packet, packetOffset, receiverIndex, number);
        return PacketHeader.LENGTH + sealed;
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        cipher.close();
    }
}
