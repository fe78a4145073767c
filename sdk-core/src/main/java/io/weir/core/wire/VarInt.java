package io.weir.core.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Variable-length integer of 62 bits (RFC 9000 section 16): the two highest bits of the first byte tell the length, the
 * rest is the value, big-endian. Writing takes the shortest form; reading accepts every form.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+
 * |0 0| value (6) |                                                 0 .. 63
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0 1|         value (14)        |                                 .. 16,383
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |1 0|                        value (30)                         | .. 2^30 - 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |1 1|                        value (62)                         |
 * +-+-+                                                           + .. 2^62 - 1
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class VarInt {

    /** The largest value, 2<sup>62</sup> - 1. */
    public static final long MAX = (1L << 62) - 1;

    /** Bytes of the longest form. */
    public static final int MAX_LENGTH = 8;

    /** What {@link #read} returns when the bytes end inside the integer. */
    public static final long TRUNCATED = -1;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int MAX_1 = (1 << 6) - 1;
    private static final int MAX_2 = (1 << 14) - 1;
    private static final int MAX_4 = (1 << 30) - 1;

    private VarInt() {}

    /**
     * Bytes of the shortest form of {@code value}: 1, 2, 4 or 8.
     *
     * @throws IllegalArgumentException if the value is negative or above {@link #MAX}
     */
    public static int length(long value) {
        if ((value & ~(long) MAX_1) == 0) {
            return 1;
        }
        if ((value & ~(long) MAX_2) == 0) {
            return 2;
        }
        if ((value & ~(long) MAX_4) == 0) {
            return 4;
        }
        check(value);
        return 8;
    }

    /**
     * Writes {@code value} in its shortest form at {@code pos}.
     *
     * @return the position behind it
     * @throws IllegalArgumentException if the value is negative or above {@link #MAX}
     * @throws IndexOutOfBoundsException if the array ends before
     */
    public static int write(byte[] array, int pos, long value) {
        if ((value & ~(long) MAX_1) == 0) {
            array[pos] = (byte) value;
            return pos + 1;
        }
        if ((value & ~(long) MAX_2) == 0) {
            array[pos] = (byte) (value >>> 8 | 0x40);
            array[pos + 1] = (byte) value;
            return pos + 2;
        }
        return writeLong(array, pos, value);
    }

    /**
     * Reads the integer at {@code pos}, in whichever form.
     *
     * @param end where readable bytes end
     * @return the value, or {@link #TRUNCATED}
     */
    public static long read(byte[] array, int pos, int end) {
        if (pos >= end) {
            return TRUNCATED;
        }
        int first = array[pos];
        if ((first & 0xC0) == 0) {
            return first;
        }
        if ((first & 0xC0) == 0x40) {
            return end - pos < 2 ? TRUNCATED : (first & 0x3F) << 8 | array[pos + 1] & 0xFF;
        }
        return readLong(array, pos, end);
    }

    /** Bytes of the integer that begins with {@code first}: 1, 2, 4 or 8. */
    public static int lengthFrom(byte first) {
        return 1 << ((first & 0xFF) >>> 6);
    }

    private static int writeLong(byte[] array, int pos, long value) {
        if ((value & ~(long) MAX_4) == 0) {
            INT.set(array, pos, (int) value | 0x80 << 24);
            return pos + 4;
        }
        check(value);
        LONG.set(array, pos, value | 0xC0L << 56);
        return pos + 8;
    }

    private static long readLong(byte[] array, int pos, int end) {
        int length = lengthFrom(array[pos]);
        if (end - pos < length) {
            return TRUNCATED;
        }
        return length == 4 ? (int) INT.get(array, pos) & MAX_4 : (long) LONG.get(array, pos) & MAX;
    }

    private static void check(long value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("varint is " + value + ", must be 0 to " + MAX);
        }
    }
}
