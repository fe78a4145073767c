package io.weir.samples.cli.ping;

import java.util.Locale;

/**
 * How round trips are spread; all in ns.
 *
 * @param count how many there were
 * @param lastNanos the latest one
 */
public record Spread(
        int count, long lastNanos, long minNanos, long p50Nanos, long p90Nanos, long p99Nanos, long maxNanos) {

    /** The latest one, for example {@code 0.123 ms}. */
    public String last() {
        return millis(lastNanos) + " ms";
    }

    /** For example {@code min 0.101, p50 0.123, p90 0.150, p99 0.301, max 1.204 ms}. */
    @Override
    public String toString() {
        return "min " + millis(minNanos) + ", p50 " + millis(p50Nanos) + ", p90 " + millis(p90Nanos) + ", p99 "
                + millis(p99Nanos) + ", max " + millis(maxNanos) + " ms";
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
    }
}
