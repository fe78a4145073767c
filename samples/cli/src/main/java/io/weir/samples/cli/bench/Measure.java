package io.weir.samples.cli.bench;

import io.weir.samples.cli.json.JsonObject;
import io.weir.samples.cli.ping.Spread;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was measured.
 *
 * @param what in a few words
 * @param count how many there were
 * @param bytes how many bytes these had, 0 where they do not count
 * @param elapsed how long it took
 * @param spread of the single ones, where each was timed
 */
public record Measure(
        String what,
        long count,
        long bytes,
        Duration elapsed,
        @Nullable Spread spread) {

    /** For example {@code stream there, 16 KiB   123,456 /s   2,022.7 MB/s}. */
    @Override
    public String toString() {
        String line = String.format(Locale.ROOT, "%-34s %,14.0f /s", what, perSecond());
        if (bytes > 0) {
            line += String.format(Locale.ROOT, " %,10.1f MB/s", bytes / seconds() / 1e6);
        }
        return spread == null ? line : line + "  " + spread;
    }

    /** The same for programs. */
    public JsonObject json() {
        JsonObject json = spread == null ? new JsonObject() : spread.json();
        return json.put("measured", what)
                .put("count", count)
                .put("seconds", seconds())
                .put("perSecond", perSecond())
                .put("megabytesPerSecond", bytes / seconds() / 1e6);
    }

    private double perSecond() {
        return count / seconds();
    }

    private double seconds() {
        return Math.max(1, elapsed.toNanos()) / 1e9;
    }
}
