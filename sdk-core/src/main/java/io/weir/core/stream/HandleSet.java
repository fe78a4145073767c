package io.weir.core.stream;

import io.weir.core.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The handles that the peer has opened, where its OPENs come in any order: a floor below which all were, and a set of those
 * above it.
 *
 * <pre>
 *   3          floor                    limit, at most floor + 65,536
 *   |============|- -|==|- - -|===|- - - -|
 *    all opened   opened and not, one bit each
 * </pre>
 *
 * <p>Bounded: nothing beyond {@value #SPAN} above the floor is ever allowed, which {@link OpenCredit} sees to; the ring of so
 * many bits is made when there is a first gap. Loop-confined.
 */
final class HandleSet {

    /** How far above the lowest handle that was not opened one may be. */
    static final int SPAN = 1 << 16;

    private long floor = Frame.FIRST_HANDLE;
    private long highest;
    private long @Nullable [] ring;

    /** Whether it was opened. */
    boolean contains(long handle) {
        return handle < floor || handle <= highest && isSet(handle);
    }

    /** Notes one that was not, below {@link #end}. */
    void add(long handle) {
        highest = Math.max(highest, handle);
        if (handle != floor) {
            flip(handle);
            return;
        }
        floor++;
        while (floor <= highest && isSet(floor)) {
            flip(floor++);
        }
    }

    /** The highest that was opened, 0 if none. */
    long highest() {
        return highest;
    }

    /** First handle that may not be opened before the floor rises. */
    long end() {
        return floor + SPAN;
    }

    private boolean isSet(long handle) {
        long[] bits = ring;
        return bits != null && (bits[word(handle)] & 1L << handle) != 0;
    }

    private void flip(long handle) {
        long[] bits = ring;
        if (bits == null) {
            bits = new long[SPAN / Long.SIZE];
            ring = bits;
        }
        bits[word(handle)] ^= 1L << handle;
    }

    private static int word(long handle) {
        return (int) (handle & SPAN - 1) >>> 6;
    }
}
