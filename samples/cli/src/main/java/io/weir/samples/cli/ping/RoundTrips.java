package io.weir.samples.cli.ping;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** What round trips took. Keeps each of them, so that percentiles are exact. Any thread. */
public final class RoundTrips {

    private static final int MEDIAN = 50;
    private static final int MOST = 90;
    private static final int NEARLY_ALL = 99;
    private static final int ALL = 100;

    private final long[] nanos;
    private int count;

    /** @param most so many are kept: 8 bytes each */
    public RoundTrips(int most) {
        this.nanos = new long[most];
    }

    /** One more; {@link IllegalStateException} beyond what is kept. */
    public synchronized void add(Duration roundTrip) {
        if (count == nanos.length) {
            throw new IllegalStateException("count is " + count + ", must not rise above " + nanos.length);
        }
        nanos[count++] = roundTrip.toNanos();
    }

    /** How they are spread, if there are any. */
    public synchronized Optional<Spread> spread() {
        if (count == 0) {
            return Optional.empty();
        }
        long last = nanos[count - 1];
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return Optional.of(new Spread(
                count,
                last,
                sorted[0],
                percentile(sorted, MEDIAN),
                percentile(sorted, MOST),
                percentile(sorted, NEARLY_ALL),
                percentile(sorted, ALL)));
    }

    /** The nearest rank: the least of the values that so many of a hundred do not exceed. */
    private static long percentile(long[] sorted, int percent) {
        return sorted[(int) (((long) percent * sorted.length + 99) / 100) - 1];
    }
}
