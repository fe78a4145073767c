package io.weir.core.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/** A secret of a fixed length that its holders share. Never printed. Immutable. */
public final class Secret {

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A copy of these bytes.
     *
     * @param what it is, for the message
     * @param length how many there must be
     * @throws IllegalArgumentException if there are not exactly so many
     */
    public static Secret copyOf(byte[] bytes, String what, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(what + " has " + bytes.length + " bytes, must have " + length);
        }
        return new Secret(bytes.clone());
    }

    /** A copy; wipe it after use. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Takes as long wherever the first difference is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "[]";
    }
}
