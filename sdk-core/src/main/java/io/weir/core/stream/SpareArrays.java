package io.weir.core.stream;

import java.util.ArrayDeque;

/**
 * The arrays in which the halves of a session keep the DATA that may have to be written again: those of what has arrived serve
 * what goes out next. At most {@link #MOST}, and none once no half keeps anything. Loop-confined.
 */
final class SpareArrays {

    /** About as many packets as a busy loop hears of at once: a quarter of what is under way at most. */
    static final int MOST = 1_024;

    private static final byte[] NOTHING = {};

    private final ArrayDeque<byte[]> free = new ArrayDeque<>(0);
    private int lent;

    /** One of any length, to be given back; what it holds is somebody else's. */
    byte[] take() {
        lent++;
        byte[] array = free.pollLast();
        return array == null ? NOTHING : array;
    }

    /** Nobody needs what is in it any more. It may be a longer one than was taken. */
    void giveBack(byte[] array) {
        lent--;
        if (lent == 0) {
            free.clear();
        } else if (free.size() < MOST) {
            free.addLast(array);
        }
    }

    /** How many are here. */
    int size() {
        return free.size();
    }
}
