package io.weir.reactive.session.loop;

/** The arrays of a node's threads into which what comes is opened. */
public final class Plaintexts {

    private final Lent<byte[]> arrays = new Lent<>();
    private final int leastBytes;

    /** @param leastBytes no array is shorter; a power of two */
    public Plaintexts(int leastBytes) {
        this.leastBytes = leastBytes;
    }

    /** An array for so many bytes, or more, with whatever was in it last. */
    public byte[] borrow(int length) {
        byte[] array = arrays.borrow();
        return array != null && array.length >= length ? array : new byte[roomFor(length)];
    }

    /** Little where a session only beats: there may be many of those, each of a node of its own. */
    private int roomFor(int length) {
        return Math.max(leastBytes, Integer.highestOneBit(Math.max(1, length - 1)) << 1);
    }

    /** Nobody uses it any more, nor refers to it. */
    public void giveBack(byte[] array) {
        arrays.giveBack(array);
    }

    /** A session of this thread was quiet for a while: gives up the arrays, which the next input makes anew. */
    public void trim() {
        arrays.clear();
    }
}
