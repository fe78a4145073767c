package io.weir.core.crypto;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The functions ENCRYPT, DECRYPT and REKEY of Noise section 4.2 for one suite, on heap arrays, keys given per call.
 *
 * <p>One instance holds one {@code javax.crypto.Cipher} and is confined to one thread at a time. What each call allocates is
 * what {@code javax.crypto} and the provider insist on: a parameter object and, with the JDK's own, the expanded key. Some
 * providers keep the key of the last call until the next: {@link #forget()}.
 */
public final class AeadCipher {
    /** The result of {@link #decrypt} for a ciphertext that is not authentic. */
    public static final int FAILED = -1;

    private static final int NONCE_LENGTH = 12;
    private static final int NONCE_PREFIX = 4;
    private static final int TAG_BITS = 8 * CipherSuite.TAG_LENGTH;
    private static final long REKEY_NONCE = -1L; // 2^64 - 1, which no message may use
    private static final byte[] NO_AD = new byte[0];

    private final CipherSuite suite;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_LENGTH];
    private @Nullable AeadKey lastKey; // of the last decryption
    private long lastNumber;

    /** A cipher of the provider that the process prefers. */
    public AeadCipher(CipherSuite suite) {
        this(suite, CipherProvider.preferred());
    }

    /** A cipher of that provider. */
    AeadCipher(CipherSuite suite, CipherProvider provider) {
        this.suite = suite;
        this.cipher = provider.cipher(suite);
    }

    /** The suite that this cipher computes. */
    public CipherSuite suite() {
        return suite;
    }

    /**
     * ENCRYPT(k, n, ad, plaintext). The caller guarantees that it never uses an (k, n) twice.
     *
     * @return bytes written to {@code out}: {@code length + 16}
     * @throws IndexOutOfBoundsException if either range does not fit its array
     */
    public int encrypt(AeadKey key, long n, byte[] ad, byte[] in, int offset, int length, byte[] out, int outOffset) {
        Objects.checkFromIndexSize(offset, length, in.length);
        Objects.checkFromIndexSize(outOffset, length + CipherSuite.TAG_LENGTH, out.length);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, parameters(n));
            if (ad.length > 0) {
                cipher.updateAAD(ad);
            }
            return cipher.doFinal(in, offset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw refused("encrypt", e);
        }
    }

    /**
     * DECRYPT(k, n, ad, ciphertext). What {@code out} holds after a failure is unspecified.
     *
     * @return bytes written to {@code out}, {@code length - 16}, or {@link #FAILED}
     * @throws IndexOutOfBoundsException if either range does not fit its array
     */
    public int decrypt(AeadKey key, long n, byte[] ad, byte[] in, int offset, int length, byte[] out, int outOffset) {
        Objects.checkFromIndexSize(offset, length, in.length);
        if (length < CipherSuite.TAG_LENGTH) {
            return FAILED;
        }
        Objects.checkFromIndexSize(outOffset, length - CipherSuite.TAG_LENGTH, out.length);
        try {
            if (key == lastKey && n == lastNumber) {
                // The JDK's ChaCha20 refuses a key and nonce twice in a row even when it decrypts, so that a peer who
                // repeats a packet number would make it throw; another nonce in between makes it forget.
                cipher.init(Cipher.DECRYPT_MODE, key, parameters(~n));
            }
            lastKey = key;
            lastNumber = n;
            cipher.init(Cipher.DECRYPT_MODE, key, parameters(n));
            if (ad.length > 0) {
                cipher.updateAAD(ad);
            }
            return cipher.doFinal(in, offset, length, out, outOffset);
        } catch (AEADBadTagException e) {
            return FAILED;
        } catch (GeneralSecurityException e) {
            throw refused("decrypt", e);
        }
    }

    /**
     * REKEY(k) of Noise section 4.2: the first 32 bytes of ENCRYPT(k, 2^64 - 1, no associated data, 32 zeros).
     *
     * @return a new key; the old one is left as it is
     */
    public AeadKey rekey(AeadKey key) {
        byte[] zeros = new byte[CipherSuite.KEY_LENGTH];
        byte[] sealed = new byte[CipherSuite.KEY_LENGTH + CipherSuite.TAG_LENGTH];
        encrypt(key, REKEY_NONCE, NO_AD, zeros, 0, zeros.length, sealed, 0);
        byte[] bytes = Arrays.copyOf(sealed, CipherSuite.KEY_LENGTH);
        AeadKey next = AeadKey.of(suite, bytes);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(sealed, (byte) 0);
        return next;
    }

    /**
     * Makes the provider give up what it keeps of the last key, by using another one: an object of its own, or memory outside
     * the heap, would keep it until the next collection. At the end: nothing is sealed or opened after it.
     */
    void forget() {
        lastKey = null;
        AeadKey nobodys = AeadKey.of(suite, new byte[CipherSuite.KEY_LENGTH]);
        encrypt(nobodys, 0, NO_AD, NO_AD, 0, 0, new byte[CipherSuite.TAG_LENGTH], 0);
    }

    private IllegalStateException refused(String what, GeneralSecurityException e) {
        return new IllegalStateException(cipher.getProvider().getName() + " refused to " + what + " with " + suite, e);
    }

    private AlgorithmParameterSpec parameters(long n) {
        if (suite == CipherSuite.AESGCM) {
            for (int i = 0; i < Long.BYTES; i++) {
                nonce[NONCE_PREFIX + i] = (byte) (n >>> (56 - 8 * i));
            }
            return new GCMParameterSpec(TAG_BITS, nonce);
        }
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[NONCE_PREFIX + i] = (byte) (n >>> (8 * i));
        }
        return new IvParameterSpec(nonce);
    }
}
