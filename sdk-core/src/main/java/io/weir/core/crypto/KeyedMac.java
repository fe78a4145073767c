package io.weir.core.crypto;

import io.weir.core.error.Legal;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 (RFC 2104) under one key: a random one that only this object knows, for what a node hands out and wants to know
 * again, or one that others have too. Confined to one thread at a time.
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
            return of(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Under this key, of 32 bytes, which are copied. */
    public static KeyedMac of(byte[] key) {
        if (key.length != Sha256.LENGTH) {
            throw new IllegalArgumentException("key has " + key.length + " bytes, must have " + Sha256.LENGTH);
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return new KeyedMac(mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks HMAC-SHA-256", e);
        }
    }

    /** The first {@code length} bytes, 1 to 32, of the MAC of {@code data}. */
    public byte[] compute(byte[] data, int length) {
        requireLength(length);
        return Arrays.copyOf(mac.doFinal(data), length);
    }

    /** The same of two parts, one behind the other; the second from its position to its limit, which stay. */
    public byte[] compute(byte[] head, ByteBuffer data, int length) {
        requireLength(length);
        mac.update(head);
        mac.update(data.duplicate());
        return Arrays.copyOf(mac.doFinal(), length);
    }

    /** Whether {@code claimed} is the beginning of the MAC of {@code data}; takes as long whether it is or not. */
    public boolean verify(byte[] data, byte[] claimed) {
        return MessageDigest.isEqual(compute(data, claimed.length), claimed);
    }

    /** The same of two parts. */
    public boolean verify(byte[] head, ByteBuffer data, byte[] claimed) {
        return MessageDigest.isEqual(compute(head, data, claimed.length), claimed);
    }

    private static void requireLength(int length) {
        Legal.range("length", length, 1, Sha256.LENGTH);
    }
}
