package io.weir.samples.cli.ping;

import io.weir.samples.cli.json.JsonObject;
import java.util.Locale;

/**
 * How round trips are spread; all in ns.
 *
 * @param count how many there were
 * @param lastNanos the latest one
 */
public record Spread(
        int count, long lastNanos, long minNanos, long p50Nanos, long p90Nanos, long p99Nanos, long maxNanos) {

    private static final double NANOS_PER_MILLI = 1e6;

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

    /** All but the latest one, for programs, in ms. */
    public JsonObject json() {
        return new JsonObject()
                .put("roundTrips", count)
                .put("minMillis", minNanos / NANOS_PER_MILLI)
                .put("p50Millis", p50Nanos / NANOS_PER_MILLI)
                .put("p90Millis", p90Nanos / NANOS_PER_MILLI)
                .put("p99Millis", p99Nanos / NANOS_PER_MILLI)
                .put("maxMillis", maxNanos / NANOS_PER_MILLI);
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_MILLI);
    }
}
