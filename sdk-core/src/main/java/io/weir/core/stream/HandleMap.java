package io.weir.core.stream;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Halves by handle, without boxing: open addressing with linear probing over a table that is at most half full. Handles
 * are consecutive numbers from 3, so that their low bits are a good hash. Bounded by what its owner puts in: every half
 * here is paid for by open credit.
 *
 * @param <T> the kind of half
 */
final class HandleMap<T> {

    private static final int SMALLEST = 16;
    private static final long EMPTY = 0;

    private long[] keys = new long[SMALLEST];
    private @Nullable Object[] values = new Object[SMALLEST];
    private int size;

    /** The half of this handle; null if there is none. O(1). */
    @Nullable
    T get(long handle) {
        long[] k = keys;
        int mask = k.length - 1;
        int i = (int) handle & mask;
        while (true) {
            long key = k[i];
            if (key == handle) {
                @SuppressWarnings("unchecked")
                T value = (T) values[i];
                return value;
            }
            if (key == EMPTY) {
                return null;
            }
            i = (i + 1) & mask;
        }
    }

    /** Adds a half under a handle that is not in use. */
    void put(long handle, T value) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        insert(handle, value);
        size++;
    }

    /** Removes this handle, if it is here. */
    void remove(long handle) {
        int mask = keys.length - 1;
        int hole = (int) handle & mask;
        while (keys[hole] != handle) {
            if (keys[hole] == EMPTY) {
                return;
            }
            hole = (hole + 1) & mask;
        }
        size--;
        // close the gap, so that no probe stops short of an entry behind it
        for (int i = (hole + 1) & mask; keys[i] != EMPTY; i = (i + 1) & mask) {
            int home = (int) keys[i] & mask;
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                keys[hole] = keys[i];
                values[hole] = values[i];
                hole = i;
            }
        }
        keys[hole] = EMPTY;
        values[hole] = null;
    }

    int size() {
        return size;
    }

    /** Visits all, in no particular order; the visitor must not change the map. */
    void forEach(Consumer<? super T> visitor) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != EMPTY) {
                @SuppressWarnings("unchecked")
                T value = (T) values[i];
                visitor.accept(value);
            }
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new Object[2 * oldKeys.length];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            Object value = oldValues[i];
            if (oldKeys[i] != EMPTY && value != null) {
                insert(oldKeys[i], value);
            }
        }
    }

    private void insert(long handle, Object value) {
        int mask = keys.length - 1;
        int i = (int) handle & mask;
        while (keys[i] != EMPTY) {
            i = (i + 1) & mask;
        }
        keys[i] = handle;
        values[i] = value;
    }
}
