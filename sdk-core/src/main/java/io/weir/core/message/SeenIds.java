package io.weir.core.message;

import org.jspecify.annotations.Nullable;

/**
 * The ids that the peer has used: a floor below which all count as used, and a set of those above it. Where ids come in
 * order, as on an ordered link, the floor follows each one and there is no set.
 *
 * <pre>
 *   0         floor                          highest    floor + 65,536
 *   |===========|==|--|=====|---|==|-----|=====|- - - - - - -|
 *    all used         used and unused, one bit each
 * </pre>
 *
 * <p>Bounded: the set is a ring of {@value #SPAN} bits, made when there is a first gap. An id beyond it pulls the floor
 * along; those left below unused count as used from then on, so that nothing is ever taken twice.
 */
final class SeenIds {

    /** How far apart the ids can be that are told apart. */
    static final int SPAN = 1 << 16;

    /** Ids below this count as used. */
    private long floor = 1;

    private long highest;
    private long @Nullable [] ring;

    /** Whether this id, 1 or more, was used. */
    boolean contains(long id) {
        if (id < floor) {
            return true;
        }
        return id <= highest && isSet(id);
    }

    /** Notes the use of an id that is not {@link #contains}ed. */
    void add(long id) {
        if (id == floor && highest < id) {
            highest = id;
            floor = id + 1;
            return;
        }
        if (id >= floor + SPAN) {
            raiseFloor(id - SPAN + 1);
        }
        highest = Math.max(highest, id);
        set(id);
        while (floor <= highest && isSet(floor)) {
            clear(floor);
            floor++;
        }
    }

    /** The highest id used; 0 if none. */
    long highest() {
        return highest;
    }

    /** Whether an id up to this one, which was used, was not. */
    boolean hasGapUpTo(long id) {
        return floor <= id;
    }

    /** By words where it can, since a peer may make every id a leap. */
    private void raiseFloor(long to) {
        long end = Math.min(to, highest + 1);
        long id = floor;
        while (id < end) {
            long behindWord = (id | Long.SIZE - 1) + 1;
            if ((id & Long.SIZE - 1) == 0 && behindWord <= end) {
                clearWord(id);
                id = behindWord;
            } else {
                clear(id++);
            }
        }
        floor = to;
    }

    private boolean isSet(long id) {
        long[] bits = ring;
        return bits != null && (bits[word(id)] & 1L << id) != 0;
    }

    private void set(long id) {
        long[] bits = ring;
        if (bits == null) {
            bits = new long[SPAN / Long.SIZE];
            ring = bits;
        }
        bits[word(id)] |= 1L << id;
    }

    private void clear(long id) {
        long[] bits = ring;
        if (bits != null) {
            bits[word(id)] &= ~(1L << id);
        }
    }

    private void clearWord(long id) {
        long[] bits = ring;
        if (bits != null) {
            bits[word(id)] = 0;
        }
    }

    private static int word(long id) {
        return (int) (id & SPAN - 1) >>> 6;
    }
}
