package io.weir.core.message;

import io.weir.core.credit.Cost;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageFields;

/**
 * What a message costs in credit: 16 + the bytes of its name, of its headers in their shortest encoding, where none count
 * nothing, and of its body (PROTOCOL section 4). Packet 0 bears all but the bodies of the other packets.
 */
final class MessageCost {

    private MessageCost() {}

    /** Of a whole message. */
    static long of(int nameBytes, Headers headers, int bodyBytes) {
        return Cost.of(bodyBytes) + nameBytes + of(headers);
    }

    /** Of one packet. */
    static long of(MessageFields packet) {
        return packet.packetId() > 0
                ? packet.payloadLength()
                : of(packet.nameLength(), packet.headers(), packet.payloadLength());
    }

    private static int of(Headers headers) {
        return headers.isEmpty() ? 0 : headers.encodedLength();
    }
}
