package io.weir.core.map;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values by number, without boxing: open addressing with linear probing over a table that is at most half full.
 *
 * <p>Where a number stands depends on a secret seed: the numbers are a peer's choice, and with a known function it could
 * choose ones that all begin their search at the same place, so that each costs a walk along all the others. The number is
 * mixed with the seed, multiplied by the golden ratio (D. E. Knuth, "The Art of Computer Programming" volume 3, section
 * 6.4), folded, and multiplied by an odd number that is the seed's, which makes collisions as rare as those of random
 * numbers (M. Dietzfelbinger et al., "A Reliable Randomized Algorithm for the Closest-Pair Problem", 1997). The seed is an
 * argument, so that simulations repeat.
 *
 * <p>Has no table of its own before the first number comes. Not thread safe. Bounded by what its owner puts in.
 *
 * @param <T> the kind of value
 */
public final class LongMap<T> {

    private static final int SMALLEST = 8;

    /** The table of all maps that have nothing yet; nobody writes into it. Two places, so that a number has a home. */
    private static final long[] NO_KEYS = new long[2];

    private static final @Nullable Object[] NO_VALUES = new Object[2];

    /** A table up to this length is kept: what comes in bursts would make it anew each time. */
    private static final int KEPT = 1_024;

    /** One place of so many is taken at the most: in a fuller table a removal walks further, which no processor foresees. */
    private static final int PLACES_EACH = 2;

    /** A table is sparse with fewer than one of so many. */
    private static final int SPARSE_PLACES_EACH = 8;

    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

    private final long seed;
    private long[] keys = NO_KEYS;
    /** Null where the place is free. */
    private @Nullable Object[] values = NO_VALUES;

    private int size;
    /** Removals in a row from a table of which hardly a place is taken. */
    private int fromSparse;

    /** An empty map. */
    public LongMap(long seed) {
        this.seed = seed;
    }

    /** The value of this number; null if there is none. O(1). */
    public @Nullable T get(long key) {
        @SuppressWarnings("unchecked")
        T value = (T) values[find(key)];
        return value;
    }

    /** Adds a value under a number that is not in use. */
    public void put(long key, T value) {
        if (keys == NO_KEYS) {
            resize(SMALLEST);
        } else if (PLACES_EACH * (size + 1) > keys.length) {
            resize(2 * keys.length);
        }
        insert(key, value);
        size++;
    }

    /** Removes this number; returns its value, or null if it was not here. */
    public @Nullable T remove(long key) {
        int at = find(key);
        @SuppressWarnings("unchecked")
        T value = (T) values[at];
        if (value == null) {
            return null;
        }
        size--;
        closeGap(at);
        if (keys.length > KEPT) {
            noteSparse();
        }
        return value;
    }

    /** What a burst has made large does not stay so, unless it comes again and again: the same room would be made each time. */
    private void noteSparse() {
        if (SPARSE_PLACES_EACH * size >= keys.length) {
            fromSparse = 0;
        } else if (++fromSparse > keys.length / 4) {
            fromSparse = 0;
            resize(keys.length / 2);
        }
    }

    /** Removes everything. */
    public void clear() {
        size = 0;
        trim();
    }

    /** Gives up its memory, if nothing is here; it is made anew for the next number. */
    public void trim() {
        if (size == 0) {
            keys = NO_KEYS;
            values = NO_VALUES;
        }
    }

    /** Places in the table. */
    public int capacity() {
        return keys.length;
    }

    /** Numbers that are here. */
    public int size() {
        return size;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** The numbers that are here, ascending. */
    public long[] keys() {
        long[] present = new long[size];
        int n = 0;
        for (int i = 0; i < keys.length; i++) {
            if (values[i] != null) {
                present[n++] = keys[i];
            }
        }
        Arrays.sort(present);
        return present;
    }

    /** Visits all values, in no particular order; the visitor must not change the map. */
    public void forEach(Consumer<? super T> visitor) {
        for (Object each : values) {
            if (each != null) {
                @SuppressWarnings("unchecked")
                T value = (T) each;
                visitor.accept(value);
            }
        }
    }

    /** How many places are looked at to find this number, or that it is not here: 1 or more. */
    int probes(long key) {
        return (find(key) - home(key) & keys.length - 1) + 1;
    }

    private int home(long key) {
        long mixed = (key ^ seed) * GOLDEN_RATIO;
        mixed = (mixed ^ mixed >>> 32) * (seed | 1);
        return (int) (mixed >>> Long.numberOfLeadingZeros(keys.length) + 1);
    }

    /** Where this number is, or would be put. */
    private int find(long key) {
        long[] known = keys;
        @Nullable Object[] there = values;
        int mask = known.length - 1;
        int i = home(key);
        while (there[i] != null && known[i] != key) {
            i = i + 1 & mask;
        }
        return i;
    }

    /** Moves up what lies behind the gap, so that no probe stops short of an entry. */
    private void closeGap(int gap) {
        long[] known = keys;
        @Nullable Object[] there = values;
        int mask = known.length - 1;
        int hole = gap;
        for (int i = hole + 1 & mask; there[i] != null; i = i + 1 & mask) {
            if ((i - home(known[i]) & mask) >= (i - hole & mask)) {
                known[hole] = known[i];
                there[hole] = there[i];
                hole = i;
            }
        }
        there[hole] = null;
    }

    private void resize(int length) {
        long[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new long[length];
        values = new Object[length];
        for (int i = 0; i < oldKeys.length; i++) {
            Object value = oldValues[i];
            if (value != null) {
                insert(oldKeys[i], value);
            }
        }
    }

    private void insert(long key, Object value) {
        int at = find(key);
        keys[at] = key;
        values[at] = value;
    }
}
