package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.VarInt;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What has come by datagrams before the OPEN of its half, and where the half's stream has said that it begins: waits for the OPEN, as
 * a packet with a datagram often overtakes the one with OPEN that left just before.
 *
 * <pre>
 *   one array for each half: | offset | length | bytes | offset | length | bytes |
 * </pre>
 *
 * <p>Bounded by what is reserved already: only halves whose OPEN the peer was allowed may wait, each with no more than the window
 * that was reserved for it; what waits takes no more heap than it costs. Loop-confined. PROTOCOL section 4, "Order".
 */
final class EarlyDatagrams {

    private static final byte[] NONE = {};
    private static final long NOT_SAID = -1;

    private final OpenCredit opens;
    private final int windowBytes;
    private final BeforeOpen<Waiting> waiting;

    /**
     * @param windowBytes with which each half begins, and which is reserved for each OPEN that is allowed
     * @param hashSeed of the handles, which the peer chooses
     */
    EarlyDatagrams(OpenCredit opens, long windowBytes, long hashSeed) {
        this.opens = opens;
        this.windowBytes = Math.toIntExact(windowBytes);
        this.waiting = new BeforeOpen<>(Waiting::new, hashSeed);
    }

    /** Keeps an element of a half whose OPEN has not come; what it returns other than null ends the session. */
    @Nullable
    ErrorCode add(long handle, long at, byte[] array, int offset, int length) {
        return opens.isAllowed(handle)
                ? waiting.of(handle).add(at, array, offset, length, windowBytes)
                : ErrorCode.STREAM_LIMIT;
    }

    /** The stream of such a half begins at this offset. */
    @Nullable
    ErrorCode addStream(long handle, long limit) {
        if (!opens.isAllowed(handle)) {
            return ErrorCode.STREAM_LIMIT;
        }
        Waiting half = waiting.of(handle);
        if (half.streamAt != NOT_SAID) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        half.streamAt = limit;
        return null;
    }

    /** Gives a half, whose OPEN has come, what waits for it; what it returns other than null ends the session. */
    @Nullable
    ErrorCode deliver(ReceiveHalf half) {
        Waiting all = waiting.take(half);
        if (all == null) {
            return null;
        }
        ErrorCode violation = all.deliver(half);
        return violation != null || all.streamAt == NOT_SAID ? violation : half.onDatagrams(all.streamAt, true);
    }

    /** Halves for which something waits. */
    int size() {
        return waiting.size();
    }

    /** The session is over. */
    void clear() {
        waiting.clear();
    }

    private static final class Waiting {
        private byte[] bytes = NONE;
        private int filled;
        private long cost;
        private long streamAt = NOT_SAID;

        @Nullable
        ErrorCode add(long at, byte[] array, int offset, int length, int window) {
            long itsCost = Cost.of(length);
            if (at + itsCost > window || itsCost > window - cost) {
                return ErrorCode.FLOW_CONTROL;
            }
            cost += itsCost;
            int needed = filled + VarInt.length(at) + VarInt.length(length) + length; // at most the cost
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(window, 2L * bytes.length)));
            }
            filled = VarInt.write(bytes, filled, at);
            filled = VarInt.write(bytes, filled, length);
            System.arraycopy(array, offset, bytes, filled, length);
            filled += length;
            return null;
        }

        /** Each element in an array of its own, so that whoever keeps one does not keep all. */
        @Nullable
        ErrorCode deliver(ReceiveHalf half) {
            int from = 0;
            ErrorCode violation = null;
            while (from < filled && violation == null) {
                long at = VarInt.read(bytes, from, filled);
                from += VarInt.length(at);
                int length = (int) VarInt.read(bytes, from, filled);
                from += VarInt.length(length);
                byte[] element = Arrays.copyOfRange(bytes, from, from + length);
                from += length;
                violation = half.onDatagram(at, element, 0, length, length);
            }
            return violation;
        }
    }
}
