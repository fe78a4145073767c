package io.weir.core.crypto;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * A source of random bytes, given as an argument wherever the core needs randomness.
 *
 * <p>In production this is {@link #secure}; in tests and simulations a seeded generator, so that
 * the same seed gives the same bytes on the wire. Whatever secrets are drawn from it are as good as it is.
 */
@FunctionalInterface
public interface RandomBytes {
    /** Fills the whole of {@code out}. */
    void nextBytes(byte[] out);

    /** Any number: the next eight bytes, big-endian. */
    default long nextLong() {
        byte[] bytes = new byte[Long.BYTES];
        nextBytes(bytes);
        return ByteBuffer.wrap(bytes).getLong();
    }

    /** The platform's source of secure randomness. Any thread. */
    static RandomBytes secure() {
        return new SecureRandom()::nextBytes;
    }
}
