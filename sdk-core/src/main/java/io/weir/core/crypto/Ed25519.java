package io.weir.core.crypto;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.signature.Ed25519PublicKey;
import com.google.crypto.tink.subtle.Ed25519Verify;
import com.google.crypto.tink.util.Bytes;
import java.security.GeneralSecurityException;

/** Checks of Ed25519 public keys and signatures (RFC 8032). */
public final class Ed25519 {
    /** Length in bytes of a public key. */
    public static final int PUBLIC_KEY_LENGTH = 32;

    /** Length in bytes of a signature. */
    public static final int SIGNATURE_LENGTH = 64;

    /** y of the points of order 8, little-endian, beside their mirror images in x and each other's. */
    private static final int[][] ORDER_8 = {
        {
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
            0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05
        },
        {
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
            0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a
        }
    };

    private Ed25519() {}

    /**
     * Whether y, the low 255 bits, is below p = 2^255 - 19, so that the point has no second encoding.
     *
     * <p>Two non-canonical encodings with y below p remain, those of x = 0 with the sign bit set; both are of small
     * order.
     */
    public static boolean isCanonical(byte[] publicKey) {
        requireLength(publicKey);
        // p = ed ff .. ff 7f in little-endian order: y >= p needs all the upper bytes full
        if ((publicKey[31] & 0x7f) != 0x7f) {
            return true;
        }
        for (int i = 30; i > 0; i--) {
            if (publicKey[i] != (byte) 0xff) {
                return true;
            }
        }
        return (publicKey[0] & 0xff) < 0xed;
    }

    /** Whether a canonical key is one of the points whose order divides 8, under which forged signatures verify. */
    public static boolean isSmallOrder(byte[] publicKey) {
        requireLength(publicKey);
        return isSmall(publicKey, 0) // order 4: y = 0
                || isSmall(publicKey, 1) // the identity: y = 1
                || isMinusOne(publicKey) // order 2: y = -1
                || equalsY(publicKey, ORDER_8[0])
                || equalsY(publicKey, ORDER_8[1]);
    }

    /** Whether {@code signature} is the signature of {@code message} under {@code publicKey}; any length may come in. */
    @AccessesPartialKey
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != PUBLIC_KEY_LENGTH || signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        try {
            Ed25519Verify.create(Ed25519PublicKey.create(Bytes.copyFrom(publicKey)))
                    .verify(signature, message);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void requireLength(byte[] publicKey) {
        if (publicKey.length != PUBLIC_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "Ed25519 public key has " + publicKey.length + " bytes, must have " + PUBLIC_KEY_LENGTH);
        }
    }

    private static boolean isSmall(byte[] key, int y) {
        int rest = key[31] & 0x7f;
        for (int i = 1; i < 31; i++) {
            rest |= key[i];
        }
        return rest == 0 && key[0] == y;
    }

    private static boolean isMinusOne(byte[] key) {
        boolean full = key[0] == (byte) 0xec && (key[31] & 0x7f) == 0x7f;
        for (int i = 1; i < 31 && full; i++) {
            full = key[i] == (byte) 0xff;
        }
        return full;
    }

    private static boolean equalsY(byte[] key, int[] y) {
        int difference = (key[31] & 0x7f) ^ y[31];
        for (int i = 0; i < 31; i++) {
            difference |= (key[i] & 0xff) ^ y[i];
        }
        return difference == 0;
    }
}
