package io.weir.core.identity;

import io.weir.core.crypto.Secret;

/**
 * The optional 32-byte secret of a closed network: only nodes that hold it complete a handshake (Noise psk3).
 *
 * <p>PROTOCOL section 2. An active prober without it still learns the responder's {@link PeerId}. Never printed.
 */
public final class NetworkKey {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    private final Secret key;

    private NetworkKey(Secret key) {
        this.key = key;
    }

    /**
     * A network key of 32 bytes, which are copied; they must come from a random source, not from a passphrase.
     *
     * @throws IllegalArgumentException if there are not exactly 32
     */
    public static NetworkKey of(byte[] key) {
        return new NetworkKey(Secret.copyOf(key, "network key", LENGTH));
    }

    /** A copy of the secret, for the handshake; wipe it after use. */
    public byte[] bytes() {
        return key.bytes();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkKey that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return "NetworkKey" + key;
    }
}
