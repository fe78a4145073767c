package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.StreamFrame;
import org.jspecify.annotations.Nullable;

/**
 * CLOSE, RESET, BLOCKED and DATA that have come before the OPEN of their half, where frames come in any order: they wait for it
 * here, for they will not be repeated once they are acknowledged.
 *
 * <p>Bounded: only halves whose OPEN the peer was allowed may wait, and of each one frame of a kind, and DATA within the window
 * that is reserved for it. Loop-confined. PROTOCOL
 * section 4, "Order".
 */
final class EarlyFrames {

    private static final class Waiting {
        private StreamFrame.@Nullable Close close;
        private StreamFrame.@Nullable Reset reset;
        private CreditFrame.@Nullable Blocked blocked;
        private @Nullable OffsetBuffer data;
    }

    private final BeforeOpen<Waiting> waiting;

    /** @param hashSeed of the handles, which the peer chooses */
    EarlyFrames(long hashSeed) {
        waiting = new BeforeOpen<>(Waiting::new, hashSeed);
    }

    void add(StreamFrame.Close f) {
        waiting.of(f.handle()).close = f;
    }

    /** DATA, at this offset; what it returns other than null ends the session. */
    @Nullable
    ErrorCode add(
            long handle,
            boolean first,
            boolean last,
            long at,
            long total,
            byte[] array,
            int offset,
            int length,
            long windowBytes) {
        if (at + (first ? OffsetBuffer.HEADER : 0) + length > windowBytes) {
            return ErrorCode.FLOW_CONTROL;
        }
        Waiting half = waiting.of(handle);
        OffsetBuffer data = half.data;
        if (data == null) {
            data = new OffsetBuffer();
            half.data = data;
        }
        long whole = first && last ? length : total;
        return data.put(first, whole, at, array, offset, length) ? null : ErrorCode.PROTOCOL_VIOLATION;
    }

    void add(StreamFrame.Reset f) {
        waiting.of(f.handle()).reset = f;
    }

    void add(CreditFrame.Blocked f) {
        Waiting half = waiting.of(f.handle());
        CreditFrame.Blocked before = half.blocked;
        if (before == null || f.limit() >= before.limit()) {
            half.blocked = f;
        }
    }

    /** Gives a half, whose OPEN has come, what waits for it; what it returns other than null ends the session. */
    @Nullable
    ErrorCode deliver(ReceiveHalf half) {
        Waiting all = waiting.take(half);
        if (all == null) {
            return null;
        }
        if (all.data != null) {
            ErrorCode violation = half.intake().unordered(all.data).onOpened();
            if (violation != null) {
                return violation;
            }
        }
        if (all.blocked != null) {
            half.onBlocked(all.blocked.limit(), all.blocked.sent());
        }
        if (all.reset != null) {
            half.stream().onReset(all.reset.code());
            return null; // it says more than CLOSE
        }
        StreamFrame.Close close = all.close;
        return close == null ? null : half.stream().onClose(HalfEnd.of(close));
    }

    /** Halves for which something waits. */
    int size() {
        return waiting.size();
    }

    /** The session is over. */
    void clear() {
        waiting.clear();
    }
}
