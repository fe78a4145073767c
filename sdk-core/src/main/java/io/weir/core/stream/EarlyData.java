package io.weir.core.stream;

import io.weir.core.credit.Cost;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.VarInt;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * DATA that has come before the OPEN of its half, on a carrier that keeps no order between the two: waits for it here.
 *
 * <pre>
 *   DATA, OPEN has not come --&gt; one array for each half: | total | bytes | total | bytes | total | some bytes |
 *                                                           |
 *                              OPEN has come, and is dealt with --&gt; ReceiveHalf, element by element
 * </pre>
 *
 * <p>Bounded by what is reserved already: only halves whose OPEN the peer was allowed may wait, from the next expected one
 * on, each with no more than the window that was reserved when its OPEN was promised. What waits takes no more heap than it
 * costs, fragments of an element being put together, and a small object for each half. Loop-confined. PROTOCOL section 4,
 * "Order".
 */
final class EarlyData {

    private static final byte[] NONE = {};

    private final OpenCredit opens;
    private final int windowBytes;
    private final BeforeOpen<Elements> waiting;

    /**
     * @param windowBytes with which each half begins, and which is reserved for each OPEN that is allowed
     * @param hashSeed of the handles, which the peer chooses
     */
    EarlyData(OpenCredit opens, long windowBytes, long hashSeed) {
        this.opens = opens;
        this.windowBytes = Math.toIntExact(windowBytes);
        this.waiting = new BeforeOpen<>(Elements::new, hashSeed);
    }

    /** Keeps DATA of a half whose OPEN has not come; what it returns other than null ends the session. */
    @Nullable
    ErrorCode add(long handle, boolean first, boolean last, long total, byte[] array, int offset, int length) {
        return opens.isAllowed(handle)
                ? waiting.of(handle).add(first, last, total, array, offset, length, windowBytes)
                : ErrorCode.STREAM_LIMIT;
    }

    /** Gives a half, whose OPEN has come, what waits for it; what it returns other than null ends the session. */
    @Nullable
    ErrorCode deliver(ReceiveHalf half) {
        Elements elements = waiting.take(half);
        return elements == null ? null : elements.deliver(half);
    }

    /** Halves for which something waits. */
    int size() {
        return waiting.size();
    }

    /** The session is over. */
    void clear() {
        waiting.clear();
    }

    /** Of one half: each as its total and its bytes, of the last perhaps not all. */
    private static final class Elements {
        private byte[] bytes = NONE;
        private int filled;
        private long cost;
        /** Bytes of the last element that have not come. */
        private long missing;

        @Nullable
        ErrorCode add(boolean first, boolean last, long total, byte[] array, int offset, int length, int window) {
            long whole = first ? last ? length : total : missing;
            if (first == missing > 0 || length > whole || last != (length == whole)) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            long itsCost = first ? Cost.of(length) : length;
            if (itsCost > window - cost) {
                return ErrorCode.FLOW_CONTROL;
            }
            cost += itsCost;
            missing = whole - length;
            int needed = filled + (first ? VarInt.length(whole) : 0) + length; // at most the cost
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(window, 2L * bytes.length)));
            }
            if (first) {
                filled = VarInt.write(bytes, filled, whole);
            }
            System.arraycopy(array, offset, bytes, filled, length);
            filled += length;
            return null;
        }

        /** Each element in an array of its own, so that whoever keeps one does not keep all. */
        @Nullable
        ErrorCode deliver(ReceiveHalf half) {
            int at = 0;
            while (at < filled) {
                long total = VarInt.read(bytes, at, filled);
                int from = at + VarInt.length(total);
                at = (int) Math.min(filled, from + total);
                byte[] element = Arrays.copyOfRange(bytes, from, at);
                boolean last = element.length == total;
                ErrorCode error = half.onData(true, last, total, element, 0, element.length, element.length);
                if (error != null) {
                    return error;
                }
            }
            return null;
        }
    }
}
