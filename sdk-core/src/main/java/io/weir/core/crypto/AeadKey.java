package io.weir.core.crypto;

import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * One 32-byte AEAD key that can really be wiped, which the JDK's own {@code SecretKeySpec} cannot.
 *
 * <p>Never printed and never serialised.
 */
public final class AeadKey implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final transient byte[] key;
    private final transient String algorithm;
    private transient boolean destroyed;

    private AeadKey(String algorithm, byte[] key) {
        this.algorithm = algorithm;
        this.key = key;
    }

    /**
     * A key for {@code suite}; the bytes are copied, the caller wipes its own.
     *
     * @throws IllegalArgumentException if there are not exactly 32 bytes
     */
    public static AeadKey of(CipherSuite suite, byte[] key) {
        if (key.length != CipherSuite.KEY_LENGTH) {
            throw new IllegalArgumentException("key has " + key.length + " bytes, must have " + CipherSuite.KEY_LENGTH);
        }
        return new AeadKey(suite == CipherSuite.AESGCM ? "AES" : "ChaCha20", key.clone());
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    /** A fresh copy, because the JDK's ciphers overwrite what they are given once they have expanded it. */
    @Override
    public byte[] getEncoded() {
        if (destroyed) {
            throw new IllegalStateException("the key has been destroyed");
        }
        return key.clone();
    }

    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public String toString() {
        return "AeadKey[" + algorithm + "]";
    }
}
