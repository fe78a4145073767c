package io.weir.core.message;

import java.util.Arrays;

/** What may be kept of a payload for as long as anybody likes. */
public final class KeptPayload {

    private KeptPayload() {}

    /**
     * The record's array where the payload is most of it, a copy of the payload alone otherwise, so that a small message never pins
     * a large record.
     */
    public static byte[] in(byte[] array, int offset, int length) {
        return 2L * length >= array.length ? array : Arrays.copyOfRange(array, offset, offset + length);
    }
}
