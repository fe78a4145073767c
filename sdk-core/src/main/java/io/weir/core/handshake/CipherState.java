package io.weir.core.handshake;

import io.weir.core.crypto.AeadCipher;
import io.weir.core.crypto.AeadKey;
import io.weir.core.crypto.CipherSuite;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The CipherState object of Noise section 5.1: a key k, or none yet, and a nonce counter n. */
final class CipherState {
    private final CipherSuite suite;
    private @Nullable AeadCipher aead; // made with the first key: a half-open handshake must stay cheap
    private @Nullable AeadKey k;
    private long n;

    CipherState(CipherSuite suite) {
        this.suite = suite;
    }

    /** The same key at the same nonce. Only one of the two may go on to encrypt: a nonce that both use would betray what they seal. */
    CipherState copy() {
        CipherState copy = new CipherState(suite);
        if (k != null) {
            byte[] key = k.getEncoded();
            copy.initializeKey(key);
            Arrays.fill(key, (byte) 0);
        }
        copy.n = n;
        return copy;
    }

    /** InitializeKey(key): k = key, n = 0. */
    void initializeKey(byte[] key) {
        destroy();
        k = AeadKey.of(suite, key);
        n = 0;
    }

    /** HasKey(). */
    boolean hasKey() {
        return k != null;
    }

    /** EncryptWithAd(ad, plaintext): the plaintext itself as long as there is no key. */
    byte[] encryptWithAd(byte[] ad, byte[] plaintext) {
        if (k == null) {
            return plaintext.clone();
        }
        byte[] ciphertext = new byte[plaintext.length + CipherSuite.TAG_LENGTH];
        aead().encrypt(k, nextNonce(), ad, plaintext, 0, plaintext.length, ciphertext, 0);
        return ciphertext;
    }

    /** DecryptWithAd(ad, ciphertext): null, with n unchanged, if the ciphertext is not authentic. */
    byte @Nullable [] decryptWithAd(byte[] ad, byte[] ciphertext) {
        if (k == null) {
            return ciphertext.clone();
        }
        byte[] plaintext = new byte[Math.max(0, ciphertext.length - CipherSuite.TAG_LENGTH)];
        int length = aead().decrypt(k, n, ad, ciphertext, 0, ciphertext.length, plaintext, 0);
        if (length == AeadCipher.FAILED) {
            Arrays.fill(plaintext, (byte) 0);
            return null;
        }
        nextNonce();
        return plaintext;
    }

    /** Wipes the key. */
    void destroy() {
        if (k != null) {
            k.destroy();
            k = null;
        }
    }

    private long nextNonce() {
        if (n == -1L) {
            throw new IllegalStateException("all nonces are used"); // 2^64 - 1 is reserved (Noise section 5.1)
        }
        return n++;
    }

    private AeadCipher aead() {
        AeadCipher cipher = aead;
        if (cipher == null) {
            cipher = new AeadCipher(suite);
            aead = cipher;
        }
        return cipher;
    }
}
