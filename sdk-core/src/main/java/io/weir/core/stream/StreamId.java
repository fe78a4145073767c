package io.weir.core.stream;

import io.weir.core.crypto.RandomBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of a stream inside its session: an opaque unsigned 64-bit number that both ends agree on. No range is
 * reserved.
 *
 * @param value all 64 bits
 */
public record StreamId(long value) implements Comparable<StreamId> {
    /**
     * The id that both ends derive from a name they agree on: the first 8 bytes of the SHA-256 of its UTF-8 form,
     * big-endian (PROTOCOL section 3).
     */
    public static StreamId of(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return new StreamId(ByteBuffer.wrap(hash).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A fresh random id, for a stream that the peer learns of by its OPEN, or by a message. */
    public static StreamId unique() {
        return unique(RandomBytes.secure());
    }

    /** The same, drawn from {@code random}. */
    public static StreamId unique(RandomBytes random) {
        return new StreamId(random.nextLong());
    }

    /** By the unsigned number, so that maps by id stay fast whatever ids a peer chooses. */
    @Override
    public int compareTo(StreamId other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** 16 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
