package io.weir.core.credit;

/**
 * What an element costs in credit: {@value #ELEMENT_OVERHEAD} + the length of its payload (PROTOCOL section 4).
 *
 * <p>The fixed part stands for what the receiver spends on keeping an element, so that a window of {@code n} bytes holds
 * {@code n} bytes of heap even if every payload is empty. Headers, padding and retransmissions cost nothing.
 */
public final class Cost {
    /** The part of an element's cost that does not depend on its payload, in bytes. */
    public static final int ELEMENT_OVERHEAD = 16;

    /** The highest offset, and so the highest limit, that the wire can carry. */
    public static final long MAX_OFFSET = (1L << 62) - 1;

    private Cost() {}

    /** Cost of one element with a payload of {@code length} bytes. */
    public static long of(int length) {
        return (long) ELEMENT_OVERHEAD + length;
    }
}
