package io.weir.core.reliability;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Elements that have a position of their own, put in order: each position once, beginning with 0. Which packet has brought an
 * element does not matter; it may have been sent in several.
 *
 * <pre>
 *   0        next                             next + bound
 *   |= done =|- - -|##|- - - - -|###|- - - - - - - -|
 *             gap    held  gap   held                 beyond: refused
 * </pre>
 *
 * <p>With a bound of 0 nothing is held: what comes ahead has its turn, and what was skipped by that will never have.
 *
 * <p>A ring for at most bound elements, made when one has to wait and grown by doubling. Confined to one thread.
 *
 * @param <T> the elements
 */
public final class ReceiveSequencer<T> {

    /** What is done with an element. */
    public enum Turn {
        /** It has its turn now, and then maybe others that {@link #poll} gives. */
        NOW,
        /** It waits. */
        HELD,
        /** Its position has been, or waits already. */
        REPEAT,
        /** It is too far ahead: nobody keeps to the bound who sends it. */
        BEYOND
    }

    /** The largest bound. */
    public static final int MOST = 1 << 20;

    private static final int LEAST = 16;

    private final int bound;
    private @Nullable Object[] ring = {};
    private int held;
    private long next;
    /** Behind the highest position that has come. */
    private long end;

    private long gapFirst;
    private long gapEnd;

    /** @param bound how far ahead of its turn an element may come to wait for it: 0 to {@value #MOST} */
    public ReceiveSequencer(int bound) {
        if (bound < 0 || bound > MOST) {
            throw new IllegalArgumentException("bound is " + bound + ", must be 0 to " + MOST);
        }
        this.bound = bound;
    }

    /**
     * Takes an element. Afterwards {@link #gapFirst} and {@link #gapEnd} tell the positions that it has skipped and that were
     * not skipped before.
     *
     * @param position 0 or more
     */
    public Turn accept(long position, T element) {
        gapFirst = Math.max(end, next);
        gapEnd = gapFirst;
        if (position < next) {
            return Turn.REPEAT;
        }
        if (bound > 0 && position != next) {
            return ahead(position, element);
        }
        gapEnd = Math.max(gapFirst, position);
        next = position + 1;
        end = Math.max(end, next);
        return Turn.NOW;
    }

    /** The next element if it is here, whose turn it is now; null if it is not. */
    @SuppressWarnings("unchecked")
    public @Nullable T poll() {
        if (held == 0) {
            return null;
        }
        int i = index(next);
        Object element = ring[i];
        if (element != null) {
            ring[i] = null;
            held--;
            next++;
        }
        return (T) element;
    }

    /** Takes any element that waits, in no order, as long as there is one: to discard it. */
    @SuppressWarnings("unchecked")
    public @Nullable T drop() {
        for (int i = 0; held > 0; i++) {
            Object element = ring[i];
            if (element != null) {
                ring[i] = null;
                held--;
                return (T) element;
            }
        }
        return null;
    }

    /** The position whose turn is next. */
    public long next() {
        return next;
    }

    /** Elements that wait. */
    public int held() {
        return held;
    }

    /** The first position that the last element has skipped. */
    public long gapFirst() {
        return gapFirst;
    }

    /** The position behind the last that it has skipped; as {@link #gapFirst} if it has skipped none. */
    public long gapEnd() {
        return gapEnd;
    }

    private Turn ahead(long position, T element) {
        if (position - next > bound) {
            return Turn.BEYOND;
        }
        makeRoom((int) (position - next) + 1);
        int i = index(position);
        if (ring[i] != null) {
            return Turn.REPEAT;
        }
        ring[i] = element;
        held++;
        if (position >= gapFirst) {
            gapEnd = position;
            end = position + 1;
        }
        return Turn.HELD;
    }

    private void makeRoom(int positions) {
        if (positions <= ring.length) {
            return;
        }
        int size = Math.max(LEAST, Integer.highestOneBit(positions - 1) << 1);
        @Nullable Object[] larger = new Object[size];
        for (int i = 0; i < ring.length; i++) {
            long position = next + i;
            larger[(int) (position & (size - 1))] = ring[index(position)];
        }
        Arrays.fill(ring, null);
        ring = larger;
    }

    private int index(long position) {
        return (int) (position & (ring.length - 1));
    }
}
