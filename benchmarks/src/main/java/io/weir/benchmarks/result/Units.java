package io.weir.benchmarks.result;

import java.util.Locale;

/** Figures as the report writes them. */
final class Units {
    private Units() {}

    /** Elements per second, for example {@code 5.12 M el/s}. */
    static String rate(double elementsPerSecond) {
        return millions(elementsPerSecond) + " M el/s";
    }

    /** Millions with three significant digits, for example {@code 0.987}, {@code 5.12}, {@code 20.3}. */
    static String millions(double value) {
        double millions = value / 1e6;
        int decimals = millions >= 100 ? 0 : millions >= 10 ? 1 : millions >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", millions);
    }

    /** Millions of bytes per second, whole. */
    static String megabytes(double bytesPerSecond) {
        return String.format(Locale.ROOT, "%.0f", bytesPerSecond / 1e6);
    }

    /** A ratio, for example {@code 4.21x}. */
    static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2fx", ratio);
    }

    /** A count of nanoseconds or bytes: whole from 10 up, one decimal below. */
    static String small(double value) {
        return String.format(Locale.ROOT, value >= 10 ? "%.0f" : "%.1f", value);
    }
}
