package io.weir.core.wire;

import java.util.Objects;

/**
 * One fragment of a message. Packet 0 carries the name and the headers.
 *
 * <pre>
 * | 0x0C | message type v | num_packets v | packet_id v | reply_id v | [name text | headers] | payload bytes |
 * </pre>
 *
 * @param messageType what the message is
 * @param numPackets how many fragments it has, 1 to 65,535
 * @param packetId which of them this is, 0 to {@code numPackets} - 1
 * @param replyId the message's id; an answer has its request's
 * @param name what it is for, at most 255 bytes of UTF-8; empty unless packet 0
 * @param headers what the sender says about it; empty unless packet 0
 * @param payload the fragment's bytes
 */
public record MessageFrame(
        MessageType messageType,
        int numPackets,
        int packetId,
        long replyId,
        String name,
        Headers headers,
        Bytes payload)
        implements Frame {

    static final int MAX_PACKETS = 0xFFFF;

    public MessageFrame {
        Objects.requireNonNull(messageType, "messageType");
        Objects.requireNonNull(payload, "payload");
        FieldCheck.range("MESSAGE num_packets", numPackets, 1, MAX_PACKETS);
        FieldCheck.range("MESSAGE packet_id", packetId, 0, numPackets - 1);
        FieldCheck.range("MESSAGE reply_id", replyId, 0, VarInt.MAX);
        Text.encode("MESSAGE name", name);
        if (packetId > 0 && !(name.isEmpty() && headers.isEmpty())) {
            throw new IllegalArgumentException(
                    "MESSAGE packet_id is " + packetId + ", name and headers must be empty but in packet 0");
        }
    }

    @Override
    public FrameType type() {
        return FrameType.MESSAGE;
    }
}
