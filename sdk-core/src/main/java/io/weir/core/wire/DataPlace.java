package io.weir.core.wire;

/** Where the next DATA belongs in its half, and the number of its element, as it says where DATA comes in any order. */
final class DataPlace {

    private static final long NONE = -1;

    private long offset = NONE;
    private long seq = NONE;

    /** @param newSeq -1 where the half is not fire-and-forget */
    void set(long newOffset, long newSeq) {
        offset = newOffset;
        seq = newSeq;
    }

    /** It does not say so. */
    void forget() {
        set(NONE, NONE);
    }

    /** Bytes that it takes. */
    int overhead() {
        return (offset < 0 ? 0 : VarInt.length(offset)) + (seq < 0 ? 0 : VarInt.length(seq));
    }

    /** Of DATA's type. */
    int flags() {
        return (offset < 0 ? 0 : StreamFrame.Data.OFFSET) | (seq < 0 ? 0 : StreamFrame.Data.SEQ);
    }

    /** Writes it, which is then forgotten; returns the index behind it. */
    int write(byte[] array, int start) {
        int at = offset < 0 ? start : VarInt.write(array, start, offset);
        at = seq < 0 ? at : VarInt.write(array, at, seq);
        forget();
        return at;
    }
}
