package io.weir.core.crypto;

import com.google.crypto.tink.subtle.X25519;
import java.security.InvalidKeyException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An X25519 key pair (RFC 7748): GENERATE_KEYPAIR and DH of Noise section 4.1.
 *
 * <p>As a Noise static key it is made once per process and never stored (PROTOCOL section 2); as an ephemeral key it is
 * made for one handshake and then {@linkplain #destroy() destroyed}. Immutable but for that.
 */
public final class X25519KeyPair {
    /** Length in bytes of a private key, a public key and a shared secret. */
    public static final int LENGTH = 32;

    private final byte[] privateKey;
    private final byte[] publicKey;
    private boolean destroyed;

    private X25519KeyPair(byte[] privateKey, byte[] publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    private X25519KeyPair(byte[] privateKey) {
        this.privateKey = privateKey;
        try {
            this.publicKey = X25519.publicFromPrivate(privateKey);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("Tink refused the base point", e);
        }
    }

    /** A fresh key pair of 32 bytes drawn from {@code random}. */
    public static X25519KeyPair generate(RandomBytes random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new X25519KeyPair(bytes);
    }

    /** The same pair, destroyed by itself. */
    public X25519KeyPair copy() {
        if (destroyed) {
            throw new IllegalStateException("the key pair has been destroyed");
        }
        return new X25519KeyPair(privateKey.clone(), publicKey);
    }

    /** A copy of the public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * The secret shared with the owner of {@code peerPublicKey}.
     *
     * @return 32 bytes, or null if the peer's key is of small order, so that the secret would be all zeros whatever the
     *     private key is
     * @throws IllegalArgumentException if {@code peerPublicKey} has not exactly 32 bytes
     */
    public byte @Nullable [] agree(byte[] peerPublicKey) {
        if (destroyed) {
            throw new IllegalStateException("the key pair has been destroyed");
        }
        if (peerPublicKey.length != LENGTH) {
            throw new IllegalArgumentException(
                    "X25519 public key has " + peerPublicKey.length + " bytes, must have " + LENGTH);
        }
        byte[] secret;
        try {
            secret = X25519.computeSharedSecret(privateKey, peerPublicKey);
        } catch (InvalidKeyException e) {
            return null; // Tink refuses the known points of small order before it multiplies
        }
        int bits = 0;
        for (byte b : secret) {
            bits |= b;
        }
        return bits == 0 ? null : secret;
    }

    /** Wipes the private key. Idempotent. */
    public void destroy() {
        destroyed = true;
        Arrays.fill(privateKey, (byte) 0);
    }

    @Override
    public String toString() {
        return "X25519KeyPair[]";
    }
}
