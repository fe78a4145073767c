package io.weir.core.path;

import io.weir.core.crypto.RandomBytes;
import java.util.Arrays;

/**
 * Packet numbers that are never sent, one in about 192, chosen at random: a peer that acknowledges one acknowledges packets
 * that it has not received, to make this side send faster than the path can take, and loses its session (RFC 9000 section
 * 21.4).
 *
 * <p>The newest {@value #KEPT} are remembered, which is about 12,000 packets; an acknowledgement of one that is older is not
 * noticed. Deterministic but for the random source, loop-confined.
 */
public final class SkippedNumbers {

    static final int KEPT = 64;
    static final int LEAST_DISTANCE = 64;

    private final RandomBytes random;
    private final byte[] draw = new byte[1];
    private final long[] skipped = new long[KEPT]; // a ring, rising
    private int newest;
    private long upcoming;

    /**
     * None skipped yet.
     *
     * @param random must not be guessed by the peer
     */
    public SkippedNumbers(RandomBytes random) {
        this.random = random;
        Arrays.fill(skipped, -1);
        upcoming = distance();
    }

    /** The number that the next packet gets: {@code number}, or the one after it if that is to be skipped. */
    public long next(long number) {
        if (number < upcoming) {
            return number;
        }
        newest = (newest + 1) % KEPT;
        skipped[newest] = number;
        upcoming = number + distance();
        return number + 1;
    }

    /** Whether one of the numbers from {@code first} to {@code last} is known to have been skipped. */
    public boolean anyWithin(long first, long last) {
        for (int i = 0; i < KEPT; i++) {
            long number = skipped[(newest + KEPT - i) % KEPT];
            if (number < first) {
                return false; // those before it are smaller yet
            }
            if (number <= last) {
                return true;
            }
        }
        return false;
    }

    private int distance() {
        random.nextBytes(draw);
        return LEAST_DISTANCE + (draw[0] & 0xFF);
    }
}
