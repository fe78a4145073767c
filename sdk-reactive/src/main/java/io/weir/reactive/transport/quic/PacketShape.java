package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.weir.core.datagram.Drop;
import org.jspecify.annotations.Nullable;

/**
 * What the clear bytes of a packet of QUIC tell (RFC 9000 section 17): whether one that came can be read at all, and what one is that goes
 * out. A datagram is told by its first packet.
 *
 * <pre>
 *   long   | 1 F T T . . . . | version (32) | length (8) | connection id of the receiver | length (8) | of the sender | ...
 *   short  | 0 F . . . . . . | connection id of the receiver (160, as this side has made it) | ...
 * </pre>
 */
final class PacketShape {

    /** Bytes of UDP payload that a client's datagram with an Initial packet has at the least: RFC 9000 section 14.1. */
    static final int LEAST_INITIAL_BYTES = 1_200;

    /** Which the connection ids have that this side makes. */
    private static final int OWN_ID_BYTES = Quic.MAX_CONN_ID_LEN;

    private static final int LONG = 0x80;

    /** The type, without the fixed bit, which may be anything (RFC 9287). */
    private static final int TYPE = 0x30;

    private static final int INITIAL = 0;
    private static final int RETRY = 0x30;
    private static final int VERSION_AT = 1;
    private static final int IDS_AT = VERSION_AT + Integer.BYTES;

    private PacketShape() {}

    /** Why one that has come to a listener is dropped before anything is kept or answered for it; null if it may be QUIC. */
    static @Nullable Drop problem(ByteBuf datagram) {
        int readable = datagram.readableBytes();
        if (readable == 0) {
            return Drop.TRUNCATED;
        }
        int at = datagram.readerIndex();
        if ((datagram.getByte(at) & LONG) == 0) {
            return readable <= OWN_ID_BYTES ? Drop.TRUNCATED : null;
        }
        // "A server MUST discard an Initial packet that is carried in a UDP datagram with a payload that is smaller
        // than the smallest allowed maximum datagram size of 1200 bytes": so no answer is longer than what was sent
        if (isOfType(datagram, INITIAL) && readable < LEAST_INITIAL_BYTES) {
            return Drop.SHORT_INITIAL;
        }
        return problemOfIds(datagram, at + IDS_AT, at + readable);
    }

    private static @Nullable Drop problemOfIds(ByteBuf datagram, int from, int end) {
        int next = from;
        for (int i = 0; i < 2; i++) {
            if (next >= end) {
                return Drop.TRUNCATED;
            }
            int length = datagram.getUnsignedByte(next);
            if (length > Quic.MAX_CONN_ID_LEN) {
                return Drop.MALFORMED;
            }
            next += 1 + length;
        }
        return next > end ? Drop.TRUNCATED : null;
    }

    /** Whether that is RETRY, which a listener says to whom has to prove its address. */
    static boolean isRetry(ByteBuf datagram) {
        return isLong(datagram) && isOfType(datagram, RETRY) && version(datagram) != 0;
    }

    /** Whether that tells which versions there are, which a listener says to whom speaks another one: its version is 0. */
    static boolean isVersionNegotiation(ByteBuf datagram) {
        return isLong(datagram) && version(datagram) == 0;
    }

    private static boolean isLong(ByteBuf datagram) {
        return datagram.readableBytes() >= IDS_AT && (datagram.getByte(datagram.readerIndex()) & LONG) != 0;
    }

    private static boolean isOfType(ByteBuf datagram, int type) {
        return (datagram.getByte(datagram.readerIndex()) & TYPE) == type;
    }

    private static int version(ByteBuf datagram) {
        return datagram.getInt(datagram.readerIndex() + VERSION_AT);
    }
}
