package io.weir.core.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one frame out of a peer's bytes. Nothing here throws: the first violation is kept in words, and
 * from then on every read returns a harmless value, so that a decoder checks {@link #failed()} once before it builds.
 */
final class ByteReader {

    private byte[] array = new byte[0];
    private int position;
    private int end;
    private @Nullable String problem;

    ByteReader reset(byte[] array, int position, int end) {
        this.array = array;
        this.position = position;
        this.end = end;
        this.problem = null;
        return this;
    }

    /** A varint within the range; -1 once failed. */
    long varInt(String field, long min, long max) {
        if (problem != null) {
            return -1;
        }
        long value = VarInt.read(array, position, end);
        if (value == VarInt.TRUNCATED) {
            fail(field + " is cut off");
            return -1;
        }
        if (value < min || value > max) {
            fail(field + " is " + value + ", must be " + min + " to " + max);
            return -1;
        }
        position += VarInt.lengthFrom(array[position]);
        return value;
    }

    /** Any varint; -1 once failed. */
    long varInt(String field) {
        return varInt(field, 0, VarInt.MAX);
    }

    /** Eight bytes, big-endian; 0 once failed. */
    long u64(String field) {
        if (problem != null || end - position < Long.BYTES) {
            fail(field + " is cut off");
            return 0;
        }
        long value = FixedInt.read(array, position, Long.BYTES);
        position += Long.BYTES;
        return value;
    }

    /** Length and content, copied; empty once failed. */
    Bytes bytes(String field, int max) {
        int length = length(field, max);
        position += length;
        return Bytes.copyOf(array, position - length, length);
    }

    /** Length and content as a view of the array; empty once failed. */
    Bytes view(String field) {
        int length = length(field, Integer.MAX_VALUE);
        position += length;
        return Bytes.view(array, position - length, length);
    }

    /** A name of at most 255 bytes of well-formed UTF-8; empty once failed. */
    String text(String field) {
        return text(field, length(field, Text.MAX_NAME_BYTES));
    }

    /** The same of so many bytes, whose presence has been checked. */
    String text(String field, int length) {
        String text = Text.decode(array, position, length);
        if (text == null) {
            fail(field + " is not well-formed UTF-8");
            return "";
        }
        position += length;
        return text;
    }

    /** A length no larger than {@code max} and than what remains; 0 once failed. */
    int length(String field, int max) {
        long length = varInt(field, 0, max);
        if (length > end - position) {
            fail(field + " is cut off");
            return 0;
        }
        return (int) Math.max(length, 0);
    }

    /** Bytes whose presence has been checked, copied. */
    Bytes raw(int length) {
        position += length;
        return Bytes.copyOf(array, position - length, length);
    }

    /** A copy of what was read since that position. */
    byte[] since(int start) {
        return Arrays.copyOfRange(array, start, position);
    }

    /** Passes over bytes whose presence has been checked. */
    void skip(int length) {
        position += length;
    }

    /** Keeps the first violation. */
    void fail(String problem) {
        if (this.problem == null) {
            this.problem = problem;
        }
    }

    /** Fails if there is a problem to tell. */
    void failIf(@Nullable String problem) {
        if (problem != null) {
            fail(problem);
        }
    }

    boolean failed() {
        return problem != null;
    }

    @Nullable
    String problem() {
        return problem;
    }

    int position() {
        return position;
    }

    int remaining() {
        return end - position;
    }
}
