package io.weir.core.wire;

/** Big-endian integer of a fixed number of bytes. */
final class FixedInt {

    private FixedInt() {}

    /** Writes the low {@code length} bytes of {@code value}; returns the position behind them. */
    static int write(byte[] array, int pos, int length, long value) {
        int shift = length << 3;
        int at = pos;
        while (shift > 0) {
            shift -= 8;
            array[at++] = (byte) (value >>> shift);
        }
        return at;
    }

    /** Reads {@code length} bytes, at most 8, as an unsigned integer. */
    static long read(byte[] array, int pos, int length) {
        long value = 0;
        for (int at = pos; at < pos + length; at++) {
            value = value << 8 | array[at] & 0xFF;
        }
        return value;
    }
}
