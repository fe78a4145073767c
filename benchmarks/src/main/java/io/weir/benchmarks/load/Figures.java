package io.weir.benchmarks.load;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Figures as the table has them, and as processes tell them. */
final class Figures {

    private static final double MICRO_NANOS = 1e3;

    private Figures() {}

    /** A whole number. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    /** Bytes as GiB. */
    static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }

    /** Nanoseconds as microseconds. */
    static String micros(double nanos) {
        return number(nanos / MICRO_NANOS) + " us";
    }

    /** A ratio. */
    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2fx", value);
    }

    /** A ratio that is near to 1. */
    static String fineRatio(double value) {
        return String.format(Locale.ROOT, "%.3fx", value);
    }

    /** What the other process has told under that name. */
    static long field(Map<String, String> fields, String name) {
        return Long.parseLong(Objects.requireNonNull(fields.get(name), () -> name + " is missing in " + fields));
    }
}
