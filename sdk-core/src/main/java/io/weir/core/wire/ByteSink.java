package io.weir.core.wire;

import java.util.Arrays;

/** Writes the fields of one frame up to a limit; what does not fit is dropped and remembered as overflow. */
final class ByteSink {

    private final byte[] array;
    private int position;
    private int limit;
    private boolean overflowed;

    ByteSink(byte[] array) {
        this.array = array;
    }

    void reset(int position, int limit) {
        this.position = position;
        this.limit = limit;
        this.overflowed = false;
    }

    void varInt(long value) {
        if (fits(VarInt.length(value))) {
            position = VarInt.write(array, position, value);
        }
    }

    void u64(long value) {
        if (fits(Long.BYTES)) {
            position = FixedInt.write(array, position, Long.BYTES, value);
        }
    }

    /** Length and content. */
    void bytes(Bytes value) {
        varInt(value.length());
        if (fits(value.length())) {
            position = value.copyTo(array, position);
        }
    }

    /** Length and content. */
    void bytes(byte[] value) {
        varInt(value.length);
        raw(value);
    }

    /** Content only. */
    void raw(byte[] value) {
        if (fits(value.length)) {
            System.arraycopy(value, 0, array, position, value.length);
            position += value.length;
        }
    }

    void zeros(int count) {
        if (fits(count)) {
            Arrays.fill(array, position, position + count, (byte) 0);
            position += count;
        }
    }

    int position() {
        return position;
    }

    boolean overflowed() {
        return overflowed;
    }

    private boolean fits(int length) {
        if (overflowed || length > limit - position) {
            overflowed = true;
            return false;
        }
        return true;
    }
}
