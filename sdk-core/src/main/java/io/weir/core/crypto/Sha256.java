package io.weir.core.crypto;

import com.google.crypto.tink.subtle.Hkdf;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

/** The hash functions HASH and HKDF of Noise section 4.3, for SHA256. */
public final class Sha256 {
    /** Length in bytes of a hash. */
    public static final int LENGTH = 32;

    private static final byte[] NO_INFO = new byte[0];

    private Sha256() {}

    /** The hash of the concatenation of {@code parts}. */
    public static byte[] hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }

    /**
     * HKDF(chaining key, input key material, outputs): RFC 5869 with the chaining key as the salt and no info.
     *
     * @param outputs 2 or 3
     * @return that many 32-byte outputs
     */
    public static byte[][] hkdf(byte[] chainingKey, byte[] inputKeyMaterial, int outputs) {
        byte[] all;
        try {
            all = Hkdf.computeHkdf("HmacSha256", inputKeyMaterial, chainingKey, NO_INFO, outputs * LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks HMAC-SHA-256", e);
        }
        byte[][] result = new byte[outputs][];
        for (int i = 0; i < outputs; i++) {
            result[i] = Arrays.copyOfRange(all, i * LENGTH, (i + 1) * LENGTH);
        }
        Arrays.fill(all, (byte) 0);
        return result;
    }
}
