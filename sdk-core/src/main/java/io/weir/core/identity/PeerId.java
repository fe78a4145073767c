package io.weir.core.identity;

import io.weir.core.crypto.Ed25519;
import java.util.Arrays;
import java.util.Base64;

/**
 * The name of a peer: its 32-byte Ed25519 public key, canonical and not of small order (PROTOCOL section 2).
 *
 * <p>The text form is URL-safe base64 without padding, always 43 characters, and survives being the fragment of an
 * address. Ordered bytewise, unsigned, which settles simultaneous dials (PROTOCOL section 5). Immutable.
 */
public final class PeerId implements Comparable<PeerId> {
    /** Length of a key in bytes. */
    public static final int LENGTH = Ed25519.PUBLIC_KEY_LENGTH;

    /** Length of the text form in characters. */
    public static final int TEXT_LENGTH = 43;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    /** The last character carries 4 bits of key and 2 that must be zero. */
    private static final String LAST_CHARACTERS = "AEIMQUYcgkosw048";

    private final byte[] key;

    /** Peers are looked up by it with every call. */
    private final int hash;

    private PeerId(byte[] key) {
        this.key = key;
        this.hash = Arrays.hashCode(key);
    }

    /**
     * The peer of a public key, which is copied.
     *
     * @throws IllegalArgumentException if it has not exactly 32 bytes, is not canonical or is of small order
     */
    public static PeerId of(byte[] publicKey) {
        if (publicKey.length != LENGTH) {
            throw new IllegalArgumentException("peer id has " + publicKey.length + " bytes, must have " + LENGTH);
        }
        byte[] key = publicKey.clone();
        if (!Ed25519.isCanonical(key)) {
            throw new IllegalArgumentException("peer id is not a canonical Ed25519 key: its y is not below 2^255 - 19");
        }
        if (Ed25519.isSmallOrder(key)) {
            throw new IllegalArgumentException("peer id is an Ed25519 point of small order, which is nobody's key");
        }
        return new PeerId(key);
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException saying which length, or which character at which position (from 1), is wrong
     */
    public static PeerId parse(String text) {
        for (int i = 0; i < Math.min(text.length(), TEXT_LENGTH); i++) {
            char c = text.charAt(i);
            if (!isBase64Url(c)) {
                throw new IllegalArgumentException("peer id has " + describe(c) + " at position " + (i + 1)
                        + "; only A-Z, a-z, 0-9, '-' and '_' may stand there");
            }
        }
        if (text.length() != TEXT_LENGTH) {
            throw new IllegalArgumentException(
                    "peer id has " + text.length() + " characters, must have " + TEXT_LENGTH);
        }
        char last = text.charAt(TEXT_LENGTH - 1);
        if (LAST_CHARACTERS.indexOf(last) < 0) {
            throw new IllegalArgumentException("peer id has " + describe(last) + " at position " + TEXT_LENGTH
                    + "; the last character must be one of " + LAST_CHARACTERS);
        }
        return of(DECODER.decode(text));
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return key.clone();
    }

    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(key, other.key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerId that && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The text form, which {@link #parse} reads. */
    @Override
    public String toString() {
        return ENCODER.encodeToString(key);
    }

    private static boolean isBase64Url(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    private static String describe(char c) {
        return c > ' ' && c < 0x7f ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }
}
