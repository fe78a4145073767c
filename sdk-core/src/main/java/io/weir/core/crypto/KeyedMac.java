package io.weir.core.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 (RFC 2104) under one random key that only this object knows: for what a node hands out and wants to know again.
 * Confined to one thread at a time.
 */
public final class KeyedMac {
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    private KeyedMac(Mac mac) {
        this.mac = mac;
    }

    /** Under a key drawn from {@code random}. */
    public static KeyedMac generate(RandomBytes random) {
        byte[] key = new byte[Sha256.LENGTH];
        random.nextBytes(key);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return new KeyedMac(mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks HMAC-SHA-256", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** The first {@code length} bytes, 1 to 32, of the MAC of {@code data}. */
    public byte[] compute(byte[] data, int length) {
        if (length < 1 || length > Sha256.LENGTH) {
            throw new IllegalArgumentException("length is " + length + "; legal: 1 to " + Sha256.LENGTH);
        }
        return Arrays.copyOf(mac.doFinal(data), length);
    }

    /** Whether {@code claimed} is the beginning of the MAC of {@code data}; takes as long whether it is or not. */
    public boolean verify(byte[] data, byte[] claimed) {
        return MessageDigest.isEqual(compute(data, claimed.length), claimed);
    }
}
