package io.weir.core.wire;

/**
 * Begins packets of messages in a record or packet: writes what stands in front of the body. From there on it is as with
 * {@link FrameWriter#beginData}. What the fields may be says {@link MessageFrame}.
 */
public final class MessageHead {

    /** Most bytes of a message's numbers: two of types, five varints. */
    private static final int MOST_NUMBERS = 2 + 5 * VarInt.MAX_LENGTH;

    private MessageHead() {}

    /**
     * Begins packet 0.
     *
     * @param name encoded, as a {@link NameCache} does
     * @param length bytes of the fragment, 0 or more
     * @return false if it does not fit; then nothing was written
     */
    public static boolean begin(
            FrameWriter out, MessageType type, int numPackets, long replyId, byte[] name, Headers headers, int length) {
        return beginPacket0(out, type.ordinal(), MessageFrame.NO_LIMIT, numPackets, replyId, name, headers, length);
    }

    /** Begins packet 0 of a request for whose answer so many milliseconds are left, 0 or more. */
    public static boolean beginRequest(
            FrameWriter out, long millisLeft, int numPackets, long replyId, byte[] name, Headers headers, int length) {
        return beginPacket0(out, MessageType.LIMITED_REQUEST, millisLeft, numPackets, replyId, name, headers, length);
    }

    private static boolean beginPacket0(
            FrameWriter out,
            int type,
            long millisLeft,
            int numPackets,
            long replyId,
            byte[] name,
            Headers headers,
            int length) {
        out.checkIdle();
        MessageFrame.check(numPackets, 0, name.length, length);
        int limitBytes = millisLeft < 0 ? 0 : VarInt.length(millisLeft);
        int room = out.remaining() - length - name.length - headers.encodedLength() - limitBytes;
        if (room < MOST_NUMBERS
                && room < FrameOverhead.message(numPackets, 0, replyId, length) + VarInt.length(name.length)) {
            return false;
        }
        byte[] array = out.array();
        int at = numbers(out, type, numPackets, 0, replyId);
        if (limitBytes > 0) {
            at = VarInt.write(array, at, millisLeft);
        }
        at = VarInt.write(array, at, name.length);
        System.arraycopy(name, 0, array, at, name.length);
        at = headers.copyTo(array, at + name.length);
        out.begin(VarInt.write(array, at, length), length);
        return true;
    }

    /**
     * Begins a packet other than packet 0.
     *
     * @param packetId 1 to {@code numPackets} - 1
     * @param length bytes of the fragment, 0 or more
     * @return false if it does not fit; then nothing was written
     */
    public static boolean begin(
            FrameWriter out, MessageType type, int numPackets, int packetId, long replyId, int length) {
        out.checkIdle();
        MessageFrame.check(numPackets, packetId, 0, length);
        int room = out.remaining() - length;
        if (room < MOST_NUMBERS && room < FrameOverhead.message(numPackets, packetId, replyId, length)) {
            return false;
        }
        int at = numbers(out, type.ordinal(), numPackets, packetId, replyId);
        out.begin(VarInt.write(out.array(), at, length), length);
        return true;
    }

    private static int numbers(FrameWriter out, int type, int numPackets, int packetId, long replyId) {
        byte[] array = out.array();
        int at = out.position();
        array[at] = (byte) FrameType.MESSAGE.number();
        array[at + 1] = (byte) type;
        at = VarInt.write(array, at + 2, numPackets);
        at = VarInt.write(array, at, packetId);
        return VarInt.write(array, at, replyId);
    }
}
