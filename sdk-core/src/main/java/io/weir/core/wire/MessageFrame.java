package io.weir.core.wire;

import java.util.Objects;

/**
 * One fragment of a message. Packet 0 carries the name and the headers, and of a request, which says so by bit 3 of its type, the
 * time that is left for it.
 *
 * <pre>
 * | 0x0C | message type v | num_packets v | packet_id v | reply_id v | [time left v] [name text | headers] | payload bytes |
 * </pre>
 *
 * @param messageType what the message is
 * @param numPackets how many fragments it has, 1 to 65,535
 * @param packetId which of them this is, 0 to {@code numPackets} - 1
 * @param replyId the message's id; an answer has its request's
 * @param name what it is for, at most 255 bytes of UTF-8; empty unless packet 0
 * @param headers what the sender says about it; empty unless packet 0
 * @param payload the fragment's bytes
 * @param millisLeft for how long the requester waits for the answer, 0 or more; {@link #NO_LIMIT} = not told, as in all but
 *     packet 0 of a request
 */
public record MessageFrame(
        MessageType messageType,
        int numPackets,
        int packetId,
        long replyId,
        String name,
        Headers headers,
        Bytes payload,
        long millisLeft)
        implements Frame {

    /** As the time that is left: it is not told. */
    public static final long NO_LIMIT = -1;

    static final int MAX_PACKETS = 0xFFFF;

    /** One without a time limit. */
    public MessageFrame(
            MessageType messageType,
            int numPackets,
            int packetId,
            long replyId,
            String name,
            Headers headers,
            Bytes payload) {
        this(messageType, numPackets, packetId, replyId, name, headers, payload, NO_LIMIT);
    }

    public MessageFrame {
        Objects.requireNonNull(messageType, "messageType");
        Objects.requireNonNull(payload, "payload");
        FieldCheck.range("MESSAGE num_packets", numPackets, 1, MAX_PACKETS);
        FieldCheck.range("MESSAGE packet_id", packetId, 0, numPackets - 1);
        FieldCheck.range("MESSAGE reply_id", replyId, 0, VarInt.MAX);
        FieldCheck.range("MESSAGE time left", millisLeft, NO_LIMIT, VarInt.MAX);
        if (millisLeft != NO_LIMIT && (messageType != MessageType.REQUEST || packetId > 0)) {
            throw new IllegalArgumentException(
                    "MESSAGE time left is " + millisLeft + ", must be of packet 0 of a request");
        }
        Text.encode("MESSAGE name", name);
        if (packetId > 0 && !(name.isEmpty() && headers.isEmpty())) {
            throw new IllegalArgumentException(
                    "MESSAGE packet_id is " + packetId + ", name and headers must be empty but in packet 0");
        }
    }

    int wireType() {
        return millisLeft == NO_LIMIT ? messageType.ordinal() : MessageType.LIMITED_REQUEST;
    }

    /** Refuses what no packet of a message can be. */
    static void check(int numPackets, int packetId, int nameLength, int length) {
        if (numPackets < 1 || numPackets > MAX_PACKETS || packetId < 0 || packetId >= numPackets) {
            throw new IllegalArgumentException("MESSAGE packet_id is " + packetId + " of " + numPackets
                    + ", must be 0 to num_packets - 1 of 1 to " + MAX_PACKETS);
        }
        if (nameLength > Text.MAX_NAME_BYTES || length < 0) {
            throw new IllegalArgumentException("MESSAGE name has " + nameLength + " and payload " + length
                    + " bytes, must be at most " + Text.MAX_NAME_BYTES + " and at least 0");
        }
    }

    @Override
    public FrameType type() {
        return FrameType.MESSAGE;
    }
}
