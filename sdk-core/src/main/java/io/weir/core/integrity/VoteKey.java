package io.weir.core.integrity;

import io.weir.core.crypto.KeyedMac;
import io.weir.core.crypto.Secret;
import io.weir.core.crypto.Sha256;

/**
 * The secret by which votes are asked and given: who has it can do both, and knows that the other has it too. Never printed.
 */
public final class VoteKey {

    /** Length in bytes. */
    public static final int LENGTH = Sha256.LENGTH;

    private final Secret key;

    private VoteKey(Secret key) {
        this.key = key;
    }

    /**
     * A key of 32 bytes, which are copied; they must come from a random source, not from a passphrase.
     *
     * @throws IllegalArgumentException if there are not exactly 32
     */
    public static VoteKey of(byte[] key) {
        return new VoteKey(Secret.copyOf(key, "key", LENGTH));
    }

    KeyedMac mac() {
        return KeyedMac.of(key.bytes());
    }

    /** Takes as long wherever the first difference is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof VoteKey that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return "VoteKey" + key;
    }
}
