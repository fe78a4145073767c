package io.weir.core.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values by id, without boxing: open addressing with linear probing over a table that is at most half full. Ids are
 * numbers from 1 that rise one by one: spread over the table (D. E. Knuth, "The Art of Computer Programming" volume 3,
 * section 6.4: multiplication by the golden ratio), since side by side they would be one long run, which a removal has to
 * walk. Bounded by what its owner puts in.
 *
 * @param <T> the kind of value
 */
final class IdMap<T> {

    private static final int SMALLEST = 16;

    /** A table up to this length is kept: what comes in bursts would make it anew each time. */
    private static final int KEPT = 1_024;

    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;
    private static final long EMPTY = 0;

    private long[] keys = new long[SMALLEST];
    private @Nullable Object[] values = new Object[SMALLEST];
    private int size;

    /** The value of this id, which is 1 or more; null if there is none. O(1). */
    @Nullable
    T get(long id) {
        int at = find(id);
        if (at < 0) {
            return null;
        }
        @SuppressWarnings("unchecked")
        T value = (T) values[at];
        return value;
    }

    /** Adds a value under an id, 1 or more, that is not in use. */
    void put(long id, T value) {
        if (2 * (size + 1) > keys.length) {
            resize(2 * keys.length);
        }
        insert(id, value);
        size++;
    }

    /** Removes this id; returns its value, or null if it was not here. */
    @Nullable
    T remove(long id) {
        int at = find(id);
        if (at < 0) {
            return null;
        }
        @SuppressWarnings("unchecked")
        T value = (T) values[at];
        size--;
        closeGap(at);
        if (keys.length > KEPT && 8 * size < keys.length) {
            resize(keys.length / 2); // what a burst has made large does not stay so
        }
        return value;
    }

    /** Gives up the memory that a burst needed, if nothing is here. */
    void trim() {
        if (size == 0 && keys.length > SMALLEST) {
            keys = new long[SMALLEST];
            values = new Object[SMALLEST];
        }
    }

    /** Entries that the table has room for twice over. */
    int capacity() {
        return keys.length;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The ids that are here, ascending. */
    long[] ids() {
        long[] ids = new long[size];
        int n = 0;
        for (long key : keys) {
            if (key != EMPTY) {
                ids[n++] = key;
            }
        }
        Arrays.sort(ids);
        return ids;
    }

    private int home(long id) {
        return (int) (id * GOLDEN_RATIO >>> Long.numberOfLeadingZeros(keys.length) + 1);
    }

    private int find(long id) {
        long[] k = keys;
        int mask = k.length - 1;
        int i = home(id);
        while (true) {
            long key = k[i];
            if (key == id) {
                return i;
            }
            if (key == EMPTY) {
                return -1;
            }
            i = (i + 1) & mask;
        }
    }

    /** Moves up what lies behind the gap, so that no probe stops short of an entry. */
    private void closeGap(int gap) {
        int mask = keys.length - 1;
        int hole = gap;
        for (int i = (hole + 1) & mask; keys[i] != EMPTY; i = (i + 1) & mask) {
            int home = home(keys[i]);
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                keys[hole] = keys[i];
                values[hole] = values[i];
                hole = i;
            }
        }
        keys[hole] = EMPTY;
        values[hole] = null;
    }

    private void resize(int length) {
        long[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new long[length];
        values = new Object[length];
        for (int i = 0; i < oldKeys.length; i++) {
            Object value = oldValues[i];
            if (oldKeys[i] != EMPTY && value != null) {
                insert(oldKeys[i], value);
            }
        }
    }

    private void insert(long id, Object value) {
        int mask = keys.length - 1;
        int i = home(id);
        while (keys[i] != EMPTY) {
            i = (i + 1) & mask;
        }
        keys[i] = id;
        values[i] = value;
    }
}
