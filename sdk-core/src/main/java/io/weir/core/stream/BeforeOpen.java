package io.weir.core.stream;

import io.weir.core.map.LongMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the OPEN of its half, by the half's handle. Unbounded by itself: whoever adds sees to it that only halves wait whose
 * OPEN the peer was allowed. Loop-confined. PROTOCOL section 4, "Order".
 *
 * @param <W> what waits for one half
 */
final class BeforeOpen<W> {

    private final LongMap<W> waiting;
    private final Supplier<W> nothing;

    /**
     * @param nothing makes what is added to, for a half that nothing has waited for
     * @param hashSeed of the handles, which the peer chooses
     */
    BeforeOpen(Supplier<W> nothing, long hashSeed) {
        this.nothing = nothing;
        waiting = new LongMap<>(hashSeed);
    }

    /** What waits for that half, to be added to. */
    W of(long handle) {
        W half = waiting.get(handle);
        if (half == null) {
            half = nothing.get();
            waiting.put(handle, half);
        }
        return half;
    }

    /** What has waited for a half, whose OPEN has come; null if nothing did. */
    @Nullable
    W take(ReceiveHalf half) {
        return waiting.remove(half.handle());
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
