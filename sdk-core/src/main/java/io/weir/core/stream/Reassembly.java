package io.weir.core.stream;

import io.weir.core.credit.Cost;
import java.util.Arrays;

/**
 * One element being put together from the fragments of one half on an ordered link, where they come in order and are
 * never interleaved. Its array never exceeds what the peer has been allowed to send, whatever total it announces: a
 * half reserves memory up to its limit, and only for what lies beyond does the total have to be reserved.
 *
 * <pre>
 *            begin                    append, LAST
 *   idle ------------&gt; in progress -----------------&gt; idle (take)
 * </pre>
 */
final class Reassembly {

    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int filled;
    private int total = -1;
    private long start;

    boolean inProgress() {
        return total >= 0;
    }

    /** Begins an element of {@code total} bytes whose cost starts at this offset of the half. */
    void begin(int total, long start) {
        this.total = total;
        this.start = start;
        this.filled = 0;
        this.bytes = NONE;
    }

    /** Offset at which the element starts. */
    long start() {
        return start;
    }

    /** Bytes that are here. */
    int filled() {
        return filled;
    }

    int total() {
        return total;
    }

    /** Offset at which the element ends. */
    long end() {
        return start + Cost.ELEMENT_OVERHEAD + total;
    }

    /**
     * Adds a fragment.
     *
     * @param limit offset up to which memory is reserved; the fragment lies below it
     * @return false if the fragments do not add up to the total: more than it, or not it exactly with the last
     */
    boolean append(byte[] array, int offset, int length, boolean last, long limit) {
        int after = filled + length;
        if (length > total - filled || last != (after == total)) {
            return false;
        }
        if (after > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(total, limit - start - Cost.ELEMENT_OVERHEAD));
        }
        System.arraycopy(array, offset, bytes, filled, length);
        filled = after;
        return true;
    }

    /** The complete element, an array of exactly its length. */
    byte[] take() {
        byte[] result = bytes;
        clear();
        return result;
    }

    void clear() {
        bytes = NONE;
        filled = 0;
        total = -1;
    }
}
