package io.weir.test.rogue;

import io.weir.core.datagram.DatagramType;
import io.weir.core.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Datagrams as anybody can make them, who knows the wire and no key (PROTOCOL section 1): written here a second time, so that
 * they are what the page says, and not what the product makes of it.
 */
public final class RogueDatagrams {

    /** The length of an INIT, and with it the most that its sender's address gets back before it is proved. */
    public static final int INIT_LENGTH = 1_200;

    /** The most bytes that a datagram can have over IPv4. */
    public static final int LONGEST = 65_507;

    private static final int VERSION_AT = 1;
    private static final int SUITE_AT = 2;
    private static final int SENDER_INDEX_AT = 4;
    private static final int COOKIE_LENGTH_AT = 8;
    private static final int RECEIVER_INDEX_AT = 1;
    private static final int RESPONSE_SENDER_INDEX_AT = 5;
    private static final int RETRY_HEADER = 5;

    private RogueDatagrams() {}

    /** An INIT of version 1, suite 0, with the cookie and Noise message 1 given, and zeros up to 1,200 bytes. */
    public static byte[] init(int senderIndex, byte[] cookie, byte[] message) {
        return ByteBuffer.allocate(INIT_LENGTH)
                .put(DatagramType.INIT.number())
                .put(new byte[] {1, 0, 0})
                .putInt(senderIndex)
                .put((byte) cookie.length)
                .put(cookie)
                .put(message)
                .array();
    }

    /** That INIT, of another version and suite. */
    public static byte[] initAs(byte[] init, int version, int suite) {
        byte[] other = init.clone();
        other[VERSION_AT] = (byte) version;
        other[SUITE_AT] = (byte) suite;
        return other;
    }

    /** That INIT, which has no cookie, with this one. */
    public static byte[] initWith(byte[] init, byte[] cookie) {
        int message = COOKIE_LENGTH_AT + 1;
        byte[] longer = ByteBuffer.allocate(INIT_LENGTH + cookie.length)
                .put(init, 0, COOKIE_LENGTH_AT)
                .put((byte) cookie.length)
                .put(cookie)
                .put(init, message, INIT_LENGTH - message)
                .array();
        return Arrays.copyOf(longer, INIT_LENGTH);
    }

    /** A RETRY with any cookie. */
    public static byte[] retry(int receiverIndex, byte[] cookie) {
        return begin(DatagramType.RETRY, receiverIndex, RETRY_HEADER + cookie.length)
                .put(cookie)
                .array();
    }

    /** A RESPONSE with any message. */
    public static byte[] response(int receiverIndex, int senderIndex, byte[] message) {
        return begin(DatagramType.RESPONSE, receiverIndex, 10 + message.length)
                .putInt(senderIndex)
                .put((byte) 0)
                .put(message)
                .array();
    }

    /** A FINISH with any message. */
    public static byte[] finish(int receiverIndex, byte[] message) {
        return begin(DatagramType.FINISH, receiverIndex, 6 + message.length)
                .put((byte) 0)
                .put(message)
                .array();
    }

    /** A REJECT of a node that has version 1 only. */
    public static byte[] reject(int receiverIndex, ErrorCode code) {
        return begin(DatagramType.REJECT, receiverIndex, 9)
                .put(new byte[] {1, 1})
                .putShort((short) code.number())
                .array();
    }

    /** A packet that holds any bytes where its ciphertext should be. */
    public static byte[] packet(int receiverIndex, long number, byte[] ciphertext) {
        return begin(DatagramType.PACKET, receiverIndex, 13 + ciphertext.length)
                .putLong(number)
                .put(ciphertext)
                .array();
    }

    /** What the type byte of a datagram says; 0 if it has none. */
    public static int type(byte[] datagram) {
        return datagram.length == 0 ? 0 : datagram[0];
    }

    /** By which the sender of an INIT or a RESPONSE wants to be found. */
    public static int senderIndex(byte[] datagram) {
        boolean init = type(datagram) == DatagramType.INIT.number();
        return ByteBuffer.wrap(datagram).getInt(init ? SENDER_INDEX_AT : RESPONSE_SENDER_INDEX_AT);
    }

    /** Whom any other datagram than an INIT is for. */
    public static int receiverIndex(byte[] datagram) {
        return ByteBuffer.wrap(datagram).getInt(RECEIVER_INDEX_AT);
    }

    /** The cookie of a RETRY. */
    public static byte[] cookie(byte[] retry) {
        return Arrays.copyOfRange(retry, RETRY_HEADER, retry.length);
    }

    /** That datagram with one bit flipped. */
    public static byte[] flipped(byte[] datagram, int bit) {
        byte[] altered = datagram.clone();
        altered[bit / 8] ^= (byte) (1 << bit % 8);
        return altered;
    }

    private static ByteBuffer begin(DatagramType type, int receiverIndex, int length) {
        return ByteBuffer.allocate(length).put(type.number()).putInt(receiverIndex);
    }
}
