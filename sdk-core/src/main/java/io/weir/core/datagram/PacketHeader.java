package io.weir.core.datagram;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What stands in front of a packet's ciphertext, in the clear (PROTOCOL section 1). The number is the nonce, so that a packet under
 * another one is not authentic; type and index only say whose packet it is, and under the keys of anybody else it is not authentic either.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+-----------------------------------------------+
 *   |      0x08     |                receiver index                 |
 *   +---------------+-----------------------------------------------+
 *   |  ...  (32)    |                  number (64)                  |
 *   +---------------+                                               +
 *   |                                                               |
 *   +               +-----------------------------------------------+
 *   |               |    ciphertext: whole frames, and a tag (16)
 *   +---------------+-----------------------------------------------+
 * </pre>
 *
 * <p>The number is whole in every packet, so that any packet opens by itself, whatever came before it or did not.
 */
public final class PacketHeader {
    /** Bytes of the header. */
    public static final int LENGTH = 13;

    // No buffer is made for each packet.
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int INDEX_AT = 1;
    private static final int NUMBER_AT = 5;

    private PacketHeader() {}

    /**
     * The receiver index of a datagram of {@link DatagramType#RETRY any type that has one there}, all but INIT.
     *
     * @param datagram of 5 bytes or more
     */
    public static int receiverIndex(byte[] datagram) {
        return receiverIndex(datagram, 0);
    }

    /**
     * The same of a datagram that begins further on.
     *
     * @param array with 5 bytes or more from {@code offset} on
     */
    public static int receiverIndex(byte[] array, int offset) {
        return (int) INT.get(array, offset + INDEX_AT);
    }

    static void write(byte[] array, int offset, int receiverIndex, long number) {
        array[offset] = DatagramType.PACKET.number();
        INT.set(array, offset + INDEX_AT, receiverIndex);
        LONG.set(array, offset + NUMBER_AT, number);
    }

    static long number(byte[] array, int offset) {
        return (long) LONG.get(array, offset + NUMBER_AT);
    }
}
