package io.weir.samples.cli.file;

import java.time.Duration;
import java.util.Locale;

/**
 * What a transfer amounted to.
 *
 * @param bytes that crossed, 0 or more
 * @param before bytes that were at the receiver already, 0 or more
 */
public record Figures(long bytes, long before, Duration elapsed) {

    private static final double KILO = 1e3;
    private static final double MEGA = 1e6;

    /** For example {@code 268,435,456 bytes in 0.81 s, 331.4 MB/s}. */
    @Override
    public String toString() {
        double seconds = Math.max(1, elapsed.toNanos()) / 1e9;
        return String.format(Locale.ROOT, "%,d bytes in %.2f s", bytes, seconds)
                + (bytes == 0 ? "" : ", " + rate(bytes / seconds))
                + (before == 0 ? "" : String.format(Locale.ROOT, "; %,d bytes were there before", before));
    }

    private static String rate(double bytesPerSecond) {
        if (bytesPerSecond >= MEGA) {
            return String.format(Locale.ROOT, "%,.1f MB/s", bytesPerSecond / MEGA);
        }
        return bytesPerSecond >= KILO
                ? String.format(Locale.ROOT, "%,.1f kB/s", bytesPerSecond / KILO)
                : String.format(Locale.ROOT, "%,.0f B/s", bytesPerSecond);
    }
}
