package io.weir.core.credit;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for memory for a payload larger than its window, in a node: each until its whole total can be reserved, first
 * come first served.
 *
 * <p><b>Ceiling.</b> All that are reserved at once take no more than a given part of the memory, so that large payloads leave
 * the rest to windows.
 *
 * <p><b>Overtaking.</b> While the first does not fit, smaller ones behind it may pass, {@value #MOST_PASSES} in all: a large
 * one keeps nobody waiting for what it cannot use itself, and is not kept waiting for ever by small ones. Looked at are
 * the {@value #LOOKED_AT} that come next.
 *
 * <p>Not thread safe. Bounded by who asks: each session has no more bytes asked for than its largest payload.
 *
 * @param <T> who asks
 */
public final class PayloadQueue<T> {

    /** How many may pass the first that waits. */
    public static final int MOST_PASSES = 16;

    /** How many that wait are looked at for one that fits. */
    static final int LOOKED_AT = 64;

    private record Asked<T>(T who, long bytes) {}

    private final long mostBytes;
    private final ArrayDeque<Asked<T>> waiting = new ArrayDeque<>();
    private long reserved;
    private int passes;

    /** @param mostBytes reserved at once, in all; what asks for more is never served */
    public PayloadQueue(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** This one asks for so many bytes, and waits for its turn. */
    public void add(T who, long bytes) {
        waiting.add(new Asked<>(who, bytes));
    }

    /** Bytes that one of those served has given back; the memory's own account is its owner's. */
    public void released(long bytes) {
        reserved -= bytes;
    }

    /**
     * Takes the next whose bytes could be reserved; they are reserved now.
     *
     * @param wanted whether one still waits; those that do not are forgotten
     * @return null if nobody can be served now
     */
    public @Nullable T next(MemoryPool memory, Predicate<? super T> wanted) {
        Iterator<Asked<T>> all = waiting.iterator();
        boolean first = true;
        for (int looked = 0; looked < LOOKED_AT && all.hasNext(); ) {
            Asked<T> asked = all.next();
            if (!wanted.test(asked.who)) {
                all.remove();
                if (first) {
                    passes = 0;
                }
            } else if (tryReserve(memory, asked.bytes)) {
                all.remove();
                passes = first ? 0 : passes + 1;
                return asked.who;
            } else if (passes >= MOST_PASSES) {
                return null;
            } else {
                first = false;
                looked++;
            }
        }
        return null;
    }

    /** Whether anybody waits; those not wanted any more are left out as far as {@link #next} has come upon them. */
    public boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Bytes reserved now for those served. */
    public long reserved() {
        return reserved;
    }

    private boolean tryReserve(MemoryPool memory, long bytes) {
        if (bytes > mostBytes - reserved || !memory.tryReserve(bytes)) {
            return false;
        }
        reserved += bytes;
        return true;
    }
}
