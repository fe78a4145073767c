package io.weir.benchmarks.peer;

/**
 * The payloads of requests, the same for every peer: one pre-made for each request in flight, with that request's slot
 * in it, so that a reply to another request is noticed.
 */
public final class Requests {
    /** Where the slot stands, as a big-endian int. */
    public static final int SLOT_OFFSET = 1;

    /** The shortest payload: first byte, slot, last byte. */
    public static final int MIN_BYTES = SLOT_OFFSET + Integer.BYTES + 1;

    private Requests() {}

    /** {@link Elements#payload} with the slot at {@link #SLOT_OFFSET}. */
    public static byte[] payload(int slot, int length) {
        byte[] payload = Elements.payload(length);
        for (int i = 0; i < Integer.BYTES; i++) {
            payload[SLOT_OFFSET + i] = (byte) (slot >>> Byte.SIZE * (Integer.BYTES - 1 - i));
        }
        return payload;
    }
}
