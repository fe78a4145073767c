package io.weir.samples.cli.file;

import java.time.Duration;
import java.util.Locale;

/** What a transfer amounted to. */
public record Figures(long bytes, Duration elapsed) {

    /** For example {@code 268,435,456 bytes in 0.81 s, 331.4 MB/s}. */
    @Override
    public String toString() {
        double seconds = Math.max(1, elapsed.toNanos()) / 1e9;
        return String.format(Locale.ROOT, "%,d bytes in %.2f s, %,.1f MB/s", bytes, seconds, bytes / seconds / 1e6);
    }
}
