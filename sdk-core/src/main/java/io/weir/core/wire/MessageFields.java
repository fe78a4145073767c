package io.weir.core.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the MESSAGE that a {@link FrameReader} has just read, in place: one object for all messages of a session,
 * void once the next frame is read. {@link MessageFrame} has the layout. Not thread safe; confined to the session's loop.
 */
public final class MessageFields {

    private static final MessageType[] TYPES = MessageType.values();
    private static final byte[] NO_BYTES = new byte[0];

    /** Behind it come those whose body is ruled: one code, or nothing. */
    private static final int LAST_WITH_BODY = MessageType.REPLY.ordinal();

    /** Bytes of the shortest one, its frame type left out. */
    private static final int SHORTEST = 7;

    private final NameCache names = new NameCache();
    private MessageType type = MessageType.ONE_WAY;
    private int numPackets;
    private int packetId;
    private long replyId;
    private long millisLeft;
    private String name = "";
    private int nameLength;
    private Headers headers = Headers.empty();
    private byte[] array = NO_BYTES;
    private int payloadOffset;
    private int payloadLength;

    MessageFields() {}

    /** What the message is. */
    public MessageType type() {
        return type;
    }

    /** How many fragments it has, 1 to 65,535. */
    public int numPackets() {
        return numPackets;
    }

    /** Which of them this is, 0 to {@link #numPackets} - 1. */
    public int packetId() {
        return packetId;
    }

    /** The message's id, any number; an answer has its request's. */
    public long replyId() {
        return replyId;
    }

    /** For how many milliseconds the requester waits; {@link MessageFrame#NO_LIMIT} unless packet 0 of a request says it. */
    public long millisLeft() {
        return millisLeft;
    }

    /** What it is for; empty unless packet 0. */
    public String name() {
        return name;
    }

    /** Bytes of the name, 0 to 255. */
    public int nameLength() {
        return nameLength;
    }

    /** What the sender says about it; empty unless packet 0. */
    public Headers headers() {
        return headers;
    }

    /** Holds the fragment's bytes: the array given to {@link FrameReader#reset}, until {@link #detach}. */
    public byte[] array() {
        return array;
    }

    /** Where the fragment's bytes begin in the array. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** How many there are, 0 or more. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Copies the fragment's bytes into an array of their own: for a caller that uses the record's again. */
    public void detach() {
        payload(Arrays.copyOfRange(array, payloadOffset, payloadOffset + payloadLength), 0, payloadLength);
    }

    /** Keeps the array no longer. */
    void letGo() {
        payload(NO_BYTES, 0, 0);
    }

    /** What the accessors tell, as one object with a view of the payload. */
    public MessageFrame frame() {
        Bytes payload = Bytes.view(array, payloadOffset, payloadLength);
        return new MessageFrame(type, numPackets, packetId, replyId, name, headers, payload, millisLeft);
    }

    /**
     * Reads a whole message with a body of its own, without headers and with a short name, which is nearly all of them.
     *
     * @param start behind the frame type
     * @return the position behind it; -1, with nothing changed, if it is another one or illegal
     */
    int readWhole(byte[] a, int start, int end) {
        if (end - start < SHORTEST || a[start + 1] != 1 || a[start + 2] != 0) {
            return -1;
        }
        boolean limited = a[start] == MessageType.LIMITED_REQUEST;
        int ordinal = limited ? MessageType.REQUEST.ordinal() : a[start];
        int at = start + 3;
        long id = VarInt.read(a, at, end);
        if (ordinal < 0 || ordinal > LAST_WITH_BODY || id < 0) {
            return -1;
        }
        at += VarInt.lengthFrom(a[at]);
        long millis = MessageFrame.NO_LIMIT;
        if (limited) {
            millis = VarInt.read(a, at, end);
            at = millis < 0 ? end : at + VarInt.lengthFrom(a[at]);
        }
        int nameBytes = at < end ? a[at++] : -1;
        // two bytes at least follow the name; a set high bit means a longer form
        if (nameBytes < 0 || nameBytes > 0x3F || end - at < nameBytes + 2 || a[at + nameBytes] != 0) {
            return -1;
        }
        int bodyAt = at + nameBytes + 1;
        long length = VarInt.read(a, bodyAt, end);
        if (length < 0) {
            return -1;
        }
        bodyAt += VarInt.lengthFrom(a[bodyAt]);
        String text = length <= end - bodyAt ? names.decode(a, at, nameBytes) : null;
        if (text == null) {
            return -1;
        }
        set(TYPES[ordinal], 1, 0, id, millis);
        text(text, nameBytes, Headers.empty());
        payload(a, bodyAt, (int) length);
        return bodyAt + (int) length;
    }

    /** Reads any message; a violation is left in {@code in}, and then nothing has changed. */
    void read(byte[] a, ByteReader in) {
        int messageType = (int) in.varInt("MESSAGE message_type", 0, MessageType.LIMITED_REQUEST);
        boolean limited = messageType == MessageType.LIMITED_REQUEST;
        if (limited) {
            messageType = MessageType.REQUEST.ordinal();
        }
        in.failIf(messageType >= TYPES.length ? "MESSAGE message_type is " + messageType + ", must be known" : null);
        int packets = (int) in.varInt("MESSAGE num_packets", 1, MessageFrame.MAX_PACKETS);
        int packet = (int) in.varInt("MESSAGE packet_id", 0, packets - 1);
        long id = in.varInt("MESSAGE reply_id");
        in.failIf(
                limited && packet > 0
                        ? "MESSAGE time left is told in packet " + packet + ", must be in packet 0"
                        : null);
        long millis = limited ? in.varInt("MESSAGE time left") : MessageFrame.NO_LIMIT;
        int nameBytes = packet == 0 ? in.length("MESSAGE name", Text.MAX_NAME_BYTES) : 0;
        String text = in.failed() ? null : names.decode(a, in.position(), nameBytes);
        in.failIf(text == null ? "MESSAGE name is not well-formed UTF-8" : null);
        in.skip(nameBytes);
        Headers said = packet == 0 ? Headers.readFrom(in) : Headers.empty();
        int length = in.length("MESSAGE payload", Integer.MAX_VALUE);
        if (!in.failed() && messageType > LAST_WITH_BODY) {
            in.failIf(problem(TYPES[messageType], packets, a, in.position(), length));
        }
        if (in.failed() || text == null) {
            return;
        }
        set(TYPES[messageType], packets, packet, id, millis);
        text(text, nameBytes, said);
        payload(a, in.position(), length);
        in.skip(length);
    }

    /** What is wrong with the body of an error, a cancelled or a cancel; null if nothing is. */
    private static @Nullable String problem(MessageType type, int packets, byte[] a, int from, int length) {
        if (packets != 1) {
            return "MESSAGE num_packets is " + packets + ", must be 1 of " + type;
        }
        if (type != MessageType.ERROR) {
            return length == 0 ? null : "MESSAGE payload has " + length + " bytes, must have none of " + type;
        }
        return ErrorDetail.body(a, from, length) != null
                ? null
                : "MESSAGE payload has " + length + " bytes, must be one code of ERROR and what follows it";
    }

    private void set(MessageType messageType, int packets, int packet, long id, long millis) {
        millisLeft = millis;
        type = messageType;
        numPackets = packets;
        packetId = packet;
        replyId = id;
    }

    private void text(String text, int nameBytes, Headers said) {
        name = text;
        nameLength = nameBytes;
        headers = said;
    }

    private void payload(byte[] a, int offset, int length) {
        array = a;
        payloadOffset = offset;
        payloadLength = length;
    }
}
