package io.weir.core.balance;

import io.weir.core.error.Legal;
import java.time.Duration;

/**
 * When a peer that fails is left out, and for how long. The n-th time in a row it is {@code first x 2^(n-1)}, at most
 * {@code longest}, and of that the second half by chance, so that many nodes do not return to it at one moment.
 *
 * @param failuresInARow with no success between them; 1 to 1,000
 * @param first 10 ms to 1 h
 * @param longest {@code first} to 24 h
 * @param maxPercent of the peers that are there may be left out at once, 0 to 100; 0: nobody ever is. However many that is, one
 *     always stays
 */
public record OutlierPolicy(int failuresInARow, Duration first, Duration longest, int maxPercent) {

    private static final int MOST_FAILURES = 1_000;
    private static final Duration SHORTEST_FIRST = Duration.ofMillis(10);
    private static final Duration LONGEST_FIRST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int ALL = 100;

    public OutlierPolicy {
        Legal.range("failuresInARow", failuresInARow, 1, MOST_FAILURES);
        Legal.range("first", first, SHORTEST_FIRST, LONGEST_FIRST);
        Legal.range("longest", longest, first, LONGEST);
        Legal.range("maxPercent", maxPercent, 0, ALL);
    }

    /** After 5 failures in a row, for 5 s at first and 5 min at the longest, at most half of the peers. */
    public static OutlierPolicy defaults() {
        return new OutlierPolicy(5, Duration.ofSeconds(5), Duration.ofMinutes(5), 50);
    }

    /** Nobody is left out. */
    public static OutlierPolicy never() {
        return defaults().withMaxPercent(0);
    }

    /** The same, after so many failures in a row. */
    public OutlierPolicy withFailuresInARow(int value) {
        return new OutlierPolicy(value, first, longest, maxPercent);
    }

    /** The same, for that long. */
    public OutlierPolicy withDurations(Duration newFirst, Duration newLongest) {
        return new OutlierPolicy(failuresInARow, newFirst, newLongest, maxPercent);
    }

    /** The same, but at most so many. */
    public OutlierPolicy withMaxPercent(int value) {
        return new OutlierPolicy(failuresInARow, first, longest, value);
    }

    /** How many of so many may be left out. */
    int most(int peers) {
        if (maxPercent == 0 || peers < 2) {
            return 0;
        }
        int share = (int) ((long) peers * maxPercent / ALL);
        return Math.min(Math.max(share, 1), peers - 1);
    }

    /**
     * How long, in nanoseconds.
     *
     * @param times in a row, 1 or more
     * @param random evenly distributed, from 0 to less than 1
     */
    long durationNanos(int times, double random) {
        long most = longest.toNanos();
        double doubled = first.toNanos() * Math.pow(2, times - 1d);
        long full = doubled < most ? (long) doubled : most;
        return full / 2 + (long) (random * (full - full / 2 + 1));
    }
}
