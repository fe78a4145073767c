package io.weir.core.handshake;

import io.weir.core.datagram.DatagramType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams of a handshake behind {@link Init} (PROTOCOL section 1). The receiver index is where a packet has it too.
 *
 * <pre>
 *   RETRY     02, receiver index u32, cookie (1 to 255)
 *   RESPONSE  03, receiver index u32, sender index u32, part u8 (0), Noise message 2
 *   FINISH    04, receiver index u32, part u8 (0), Noise message 3
 *   REJECT    05, receiver index u32, lowest version u8, highest version u8, code u16
 * </pre>
 *
 * <p>What stands in front of messages 2 and 3 is mixed into h before them, so that nobody can lead what follows to another index.
 */
final class HandshakeDatagrams {
    /** Bytes in front of a RETRY's cookie; the least that any of them has, and what they have in common. */
    static final int RETRY_HEADER = 5;

    static final int RESPONSE_HEADER = 10;
    static final int RESPONSE_LENGTH = RESPONSE_HEADER + KeyExchange.messageLength(1, false);
    static final int FINISH_HEADER = 6;
    static final int FINISH_LENGTH = FINISH_HEADER + KeyExchange.messageLength(2, false);
    static final int REJECT_LENGTH = 9;

    private static final int SENDER_INDEX_AT = 5;

    private HandshakeDatagrams() {}

    static byte[] retry(int receiverIndex, byte[] cookie) {
        return begin(DatagramType.RETRY, receiverIndex, RETRY_HEADER + cookie.length)
                .put(cookie)
                .array();
    }

    /** What stands in front of message 2, and is bound to it. */
    static byte[] responseHeader(int receiverIndex, int senderIndex) {
        return begin(DatagramType.RESPONSE, receiverIndex, RESPONSE_HEADER)
                .putInt(senderIndex)
                .array();
    }

    /** What stands in front of message 3, and is bound to it. */
    static byte[] finishHeader(int receiverIndex) {
        return begin(DatagramType.FINISH, receiverIndex, FINISH_HEADER).array();
    }

    static byte[] join(byte[] header, byte[] message) {
        return ByteBuffer.allocate(header.length + message.length)
                .put(header)
                .put(message)
                .array();
    }

    static byte[] reject(int receiverIndex, Reject reject) {
        return begin(DatagramType.REJECT, receiverIndex, REJECT_LENGTH)
                .put((byte) reject.lowestVersion())
                .put((byte) reject.highestVersion())
                .putShort((short) reject.code())
                .array();
    }

    static byte[] cookie(byte[] retry, int length) {
        return Arrays.copyOfRange(retry, RETRY_HEADER, length);
    }

    static int senderIndex(byte[] response) {
        return ByteBuffer.wrap(response).getInt(SENDER_INDEX_AT);
    }

    /** Whether a RESPONSE or a FINISH, with a header of that length, holds all of its message, and is no part of a longer one. */
    static boolean isWhole(byte[] datagram, int headerLength) {
        return datagram[headerLength - 1] == 0;
    }

    /** What a REJECT says; null if it gives no reason. */
    static @Nullable Reject rejection(byte[] datagram) {
        ByteBuffer in = ByteBuffer.wrap(datagram, RETRY_HEADER, REJECT_LENGTH - RETRY_HEADER);
        int lowest = in.get() & 0xff;
        int highest = in.get() & 0xff;
        int code = in.getShort() & 0xffff;
        return code == 0 ? null : new Reject(lowest, highest, code);
    }

    private static ByteBuffer begin(DatagramType type, int receiverIndex, int length) {
        return ByteBuffer.allocate(length).put(type.number()).putInt(receiverIndex);
    }
}
