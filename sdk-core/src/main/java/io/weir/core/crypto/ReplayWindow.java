package io.weir.core.crypto;

import java.util.Arrays;

/**
 * Remembers which of the newest 8,192 packet numbers of one direction have been accepted (PROTOCOL sections 2 and 4).
 *
 * <p>Two steps, because an unauthenticated number must not move the window: ask {@link #accepts} before opening the
 * packet, call {@link #record} after it has proved authentic. A number below the window counts as seen.
 *
 * <pre>
 *   below: refused | highest - 8191 ........ bitmap ........ highest | above: new
 * </pre>
 */
public final class ReplayWindow {
    /** How many numbers, the highest included, are told apart. */
    public static final int SIZE = 8_192;

    private static final int LEAST_WORDS = 4;

    /** Covers every number until the highest, or {@link #SIZE} of them: grows with the numbers, by doubling. */
    private long[] seen = new long[LEAST_WORDS];

    private long highest = -1;

    /** Whether {@code n} (taken as signed: 2^63 and above are refused) has not been recorded and is not too old. */
    public boolean accepts(long n) {
        if (n < 0 || n <= highest - SIZE) {
            return false;
        }
        return n > highest || (seen[word(n)] & bit(n)) == 0;
    }

    /**
     * Records an authentic packet's number, sliding the window up if it is the highest so far.
     *
     * @throws IllegalArgumentException if {@link #accepts} does not hold for it
     */
    public void record(long n) {
        if (!accepts(n)) {
            throw new IllegalArgumentException("number " + n + " is recorded already or below the window");
        }
        if (n > highest) {
            cover(n);
            forget(highest + 1, n);
            highest = n;
        }
        seen[word(n)] |= bit(n);
    }

    /** The highest number recorded, or -1. */
    public long highest() {
        return highest;
    }

    @Override
    public String toString() {
        return "ReplayWindow[highest " + highest + "]";
    }

    private void cover(long n) {
        int words = seen.length;
        while (words < SIZE / Long.SIZE && n >= (long) words * Long.SIZE) {
            words *= 2;
        }
        if (words > seen.length) {
            seen = Arrays.copyOf(seen, words);
        }
    }

    private void forget(long from, long to) {
        if (to - from >= SIZE) {
            Arrays.fill(seen, 0);
            return;
        }
        long n = from;
        while (n <= to) {
            if ((n & (Long.SIZE - 1)) == 0 && to - n >= Long.SIZE) {
                seen[word(n)] = 0;
                n += Long.SIZE;
            } else {
                seen[word(n)] &= ~bit(n);
                n++;
            }
        }
    }

    private static int word(long n) {
        return (int) (n & (SIZE - 1)) / Long.SIZE;
    }

    private static long bit(long n) {
        return 1L << n; // the shift takes n modulo 64
    }
}
