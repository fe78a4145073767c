package io.weir.core.integrity;

import io.weir.core.crypto.KeyedMac;
import io.weir.core.crypto.Sha256;
import java.util.Arrays;

/**
 * The secret by which votes are asked and given: who has it can do both, and knows that the other has it too. Never printed.
 */
public final class VoteKey {

    /** Length in bytes. */
    public static final int LENGTH = Sha256.LENGTH;

    private final byte[] key;

    private VoteKey(byte[] key) {
        this.key = key;
    }

    /**
     * A key of 32 bytes, which are copied; they must come from a random source, not from a passphrase.
     *
     * @throws IllegalArgumentException if there are not exactly 32
     */
    public static VoteKey of(byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("key has " + key.length + " bytes, must have " + LENGTH);
        }
        return new VoteKey(key.clone());
    }

    KeyedMac mac() {
        return KeyedMac.of(key);
    }

    /** Takes as long wherever the first difference is. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof VoteKey that)) {
            return false;
        }
        int difference = 0;
        for (int i = 0; i < LENGTH; i++) {
            difference |= key[i] ^ that.key[i];
        }
        return difference == 0;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "VoteKey[]";
    }
}
