package io.weir.core.datagram;

import org.jspecify.annotations.Nullable;

/**
 * The first byte of a datagram (PROTOCOL section 1). All are below 0x40, which in QUIC is the bit that each of its packets
 * sets, so that both can share a port (RFC 9443).
 */
public enum DatagramType {
    /** The initiator's first: Noise message 1. */
    INIT(0x01),
    /** The responder wants to see first that the initiator receives where it says that it is. */
    RETRY(0x02),
    /** The responder's answer: Noise message 2. */
    RESPONSE(0x03),
    /** The initiator's second: Noise message 3. */
    FINISH(0x04),
    /** The responder's refusal, in the clear. */
    REJECT(0x05),
    /** Frames, sealed. */
    PACKET(0x08),
    /** A question of the fast path, which belongs to no session. */
    FAST(0x10),
    /** The answer to one, which is smaller and never answered. */
    ANSWER(0x11);

    private static final @Nullable DatagramType[] BY_NUMBER = new DatagramType[ANSWER.number + 1];

    static {
        for (DatagramType type : values()) {
            BY_NUMBER[type.number] = type;
        }
    }

    private final byte number;

    DatagramType(int number) {
        this.number = (byte) number;
    }

    /** The type of a datagram, by its first byte; null if this version has none such. */
    public static @Nullable DatagramType of(byte first) {
        return first >= 0 && first < BY_NUMBER.length ? BY_NUMBER[first] : null;
    }

    /** The first byte of such a datagram. */
    public byte number() {
        return number;
    }
}
