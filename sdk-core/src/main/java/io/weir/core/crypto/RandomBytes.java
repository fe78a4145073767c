package io.weir.core.crypto;

/**
 * A source of random bytes, given as an argument wherever the core needs randomness.
 *
 * <p>In production this is {@code new SecureRandom()::nextBytes}; in tests and simulations a seeded generator, so that
 * the same seed gives the same bytes on the wire. Whatever secrets are drawn from it are as good as it is.
 */
@FunctionalInterface
public interface RandomBytes {
    /** Fills the whole of {@code out}. */
    void nextBytes(byte[] out);
}
