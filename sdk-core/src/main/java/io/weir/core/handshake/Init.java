package io.weir.core.handshake;

import io.weir.core.datagram.DatagramType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The initiator's first datagram (PROTOCOL section 1). Its first eight bytes are the Noise prologue; the cookie is outside the
 * Noise hash, so that one handshake can go on with another cookie.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+---------------+---------------+
 *   |      0x01     |    version    |     suite     |    part (0)   |
 *   +---------------+---------------+---------------+---------------+
 *   |                         sender index                          |
 *   +---------------+-----------------------------------------------+
 *   | cookie length |  cookie (0 to 255)  |  Noise message 1 (32, with a network key 48)
 *   +---------------+-----------------------------------------------+
 *   |  zeros, which nobody reads, up to 1,200 bytes
 *   +---------------------------------------------------------------+
 * </pre>
 */
final class Init {
    /** Bytes of the datagram: what every path carries, and more than any answer has. */
    static final int LENGTH = 1_200;

    static final int PROLOGUE_LENGTH = 8;
    private static final int EPHEMERAL_KEY = 32;
    static final int INDEX_AT = 4;
    static final int LONGEST_COOKIE = 255;

    private static final int VERSION_AT = 1;
    private static final int SUITE_AT = 2;
    private static final int PART_AT = 3;

    private final byte[] datagram;

    private Init(byte[] datagram) {
        this.datagram = datagram;
    }

    /** A view of a datagram of {@value #LENGTH} bytes, of this version, whose suite has been looked at; null if it is malformed. */
    static @Nullable Init read(byte[] datagram) {
        boolean wellFormed = datagram[PART_AT] == 0 && senderIndex(datagram) != 0;
        return wellFormed ? new Init(datagram) : null;
    }

    /** The prologue of a handshake. */
    static byte[] prologue(byte suite, int senderIndex) {
        return ByteBuffer.allocate(PROLOGUE_LENGTH)
                .put(DatagramType.INIT.number())
                .put((byte) Preamble.VERSION)
                .put(suite)
                .put((byte) 0)
                .putInt(senderIndex)
                .array();
    }

    static byte[] encode(byte[] prologue, byte[] cookie, byte[] message) {
        ByteBuffer out = ByteBuffer.allocate(LENGTH);
        out.put(prologue).put((byte) cookie.length).put(cookie).put(message);
        return out.array();
    }

    static int version(byte[] datagram) {
        return datagram[VERSION_AT] & 0xff;
    }

    static byte suite(byte[] datagram) {
        return datagram[SUITE_AT];
    }

    static int senderIndex(byte[] datagram) {
        return ByteBuffer.wrap(datagram).getInt(INDEX_AT);
    }

    byte[] prologue() {
        return Arrays.copyOf(datagram, PROLOGUE_LENGTH);
    }

    int senderIndex() {
        return senderIndex(datagram);
    }

    /** What a cookie for it is bound to: the prologue, and the ephemeral key with which message 1 begins. */
    byte[] cookieBinding() {
        byte[] binding = Arrays.copyOf(datagram, PROLOGUE_LENGTH + EPHEMERAL_KEY);
        System.arraycopy(message(EPHEMERAL_KEY), 0, binding, PROLOGUE_LENGTH, EPHEMERAL_KEY);
        return binding;
    }

    byte[] cookie() {
        return Arrays.copyOfRange(datagram, PROLOGUE_LENGTH + 1, messageAt());
    }

    /** Noise message 1, of so many bytes. */
    byte[] message(int length) {
        return Arrays.copyOfRange(datagram, messageAt(), messageAt() + length);
    }

    private int messageAt() {
        return PROLOGUE_LENGTH + 1 + (datagram[PROLOGUE_LENGTH] & 0xff);
    }
}
