package io.weir.core.identity;

import java.util.Arrays;

/**
 * The optional 32-byte secret of a closed network: only nodes that hold it complete a handshake (Noise psk3).
 *
 * <p>PROTOCOL section 2. An active prober without it still learns the responder's {@link PeerId}. Never printed.
 */
public final class NetworkKey {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    private final byte[] key;

    private NetworkKey(byte[] key) {
        this.key = key;
    }

    /**
     * A network key of 32 bytes, which are copied; they must come from a random source, not from a passphrase.
     *
     * @throws IllegalArgumentException if there are not exactly 32
     */
    public static NetworkKey of(byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("network key has " + key.length + " bytes, must have " + LENGTH);
        }
        return new NetworkKey(key.clone());
    }

    /** A copy of the secret, for the handshake; wipe it after use. */
    public byte[] bytes() {
        return key.clone();
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof NetworkKey that)) {
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
        return "NetworkKey[]";
    }
}
