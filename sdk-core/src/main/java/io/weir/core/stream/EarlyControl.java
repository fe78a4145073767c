package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.map.LongMap;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.StreamFrame;
import org.jspecify.annotations.Nullable;

/**
 * CLOSE, RESET and BLOCKED that have come before the OPEN of their half, where control frames come in any order: they wait
 * for it here, for they will not be repeated once they are acknowledged.
 *
 * <p>Bounded: only halves whose OPEN the peer was allowed may wait, and of each one frame of a kind. Loop-confined. PROTOCOL
 * section 4, "Order".
 */
final class EarlyControl {

    private static final class Waiting {
        private StreamFrame.@Nullable Close close;
        private StreamFrame.@Nullable Reset reset;
        private CreditFrame.@Nullable Blocked blocked;
    }

    private final LongMap<Waiting> waiting;

    /** @param hashSeed of the handles, which the peer chooses */
    EarlyControl(long hashSeed) {
        waiting = new LongMap<>(hashSeed);
    }

    void add(StreamFrame.Close f) {
        of(f.handle()).close = f;
    }

    void add(StreamFrame.Reset f) {
        of(f.handle()).reset = f;
    }

    void add(CreditFrame.Blocked f) {
        Waiting half = of(f.handle());
        CreditFrame.Blocked before = half.blocked;
        if (before == null || f.limit() >= before.limit()) {
            half.blocked = f;
        }
    }

    /** Gives a half, whose OPEN has come, what waits for it; what it returns other than null ends the session. */
    @Nullable
    ErrorCode deliver(ReceiveHalf half) {
        Waiting all = waiting.remove(half.handle());
        if (all == null) {
            return null;
        }
        if (all.blocked != null) {
            half.onBlocked(all.blocked.limit(), all.blocked.sent());
        }
        if (all.reset != null) {
            half.stream().onReset(all.reset.code());
            return null; // it says more than CLOSE
        }
        StreamFrame.Close close = all.close;
        return close == null ? null : half.stream().onClose(close.finalOffset(), close.elements(), close.code());
    }

    /** Halves for which something waits. */
    int size() {
        return waiting.size();
    }

    /** The session is over. */
    void clear() {
        waiting.clear();
    }

    private Waiting of(long handle) {
        Waiting half = waiting.get(handle);
        if (half == null) {
            half = new Waiting();
            waiting.put(handle, half);
        }
        return half;
    }
}
