package io.weir.core.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * A string of bytes as a value: compared by content, shown by its length only, so that neither payloads nor secrets
 * reach a log. Bytes of a frame that was just read may be a view of the record's array and pin it while they are held.
 */
public final class Bytes {

    private static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** No bytes. */
    public static Bytes empty() {
        return EMPTY;
    }

    /** A copy of the array's content. */
    public static Bytes copyOf(byte[] array) {
        return copyOf(array, 0, array.length);
    }

    /** A copy of a range of the array. */
    public static Bytes copyOf(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(array, offset, offset + length), 0, length);
    }

    /** A view of a range of the array, which must not change as long as the view is in use. */
    public static Bytes view(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return length == 0 ? EMPTY : new Bytes(array, offset, length);
    }

    /** Number of bytes. */
    public int length() {
        return length;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** The first 4 bytes as one number, big-endian. */
    public int firstInt() {
        Objects.checkFromIndexSize(0, Integer.BYTES, length);
        return (int) FixedInt.read(array, offset, Integer.BYTES);
    }

    /** The first 8 bytes as one number, big-endian. */
    public long firstLong() {
        Objects.checkFromIndexSize(0, Long.BYTES, length);
        return FixedInt.read(array, offset, Long.BYTES);
    }

    /** A fresh array with these bytes. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** A read-only buffer over these bytes, from position 0 to limit {@link #length()}; no copy. */
    public ByteBuffer toByteBuffer() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    /** Copies all bytes into {@code target} at {@code pos}; returns the position behind them. */
    public int copyTo(byte[] target, int pos) {
        System.arraycopy(array, offset, target, pos, length);
        return pos + length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(array, offset, offset + length, that.array, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int at = offset; at < offset + length; at++) {
            hash = 31 * hash + array[at];
        }
        return hash;
    }

    @Override
    public String toString() {
        return length + " bytes";
    }
}
