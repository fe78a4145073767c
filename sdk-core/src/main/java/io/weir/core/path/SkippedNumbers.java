package io.weir.core.path;

import io.weir.core.crypto.RandomBytes;

/**
 * Which packet numbers are never sent, one in about 192, chosen at random: a peer that acknowledges one acknowledges packets
 * that it has not received, to make this side send faster than the path can take, and loses its session (RFC 9000 section
 * 21.4). Deterministic but for the random source, loop-confined.
 */
public final class SkippedNumbers {

    static final int LEAST_DISTANCE = 64;

    private final RandomBytes random;
    private final byte[] draw = new byte[1];
    private long upcoming;

    /**
     * None skipped yet.
     *
     * @param random must not be guessed by the peer
     */
    public SkippedNumbers(RandomBytes random) {
        this.random = random;
        upcoming = distance();
    }

    /** Whether the packet that is about to get this number has to get the next one instead. Numbers rise. */
    public boolean skips(long number) {
        if (number < upcoming) {
            return false;
        }
        upcoming = number + distance();
        return true;
    }

    private int distance() {
        random.nextBytes(draw);
        return LEAST_DISTANCE + (draw[0] & 0xFF);
    }
}
