package io.weir.benchmarks.load;

import io.weir.benchmarks.measure.Ratios;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleFunction;

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

    /** The median of ratios and where it surely lies, each as shown. */
    static String ratios(Ratios ratios, DoubleFunction<String> shown) {
        return shown.apply(ratios.median())
                + ratios.interval()
                        .map(found -> ", " + shown.apply(found.low()) + " to " + shown.apply(found.high()))
                        .orElse(", no interval");
    }

    /** What the other process has told under that name. */
    static long field(Map<String, String> fields, String name) {
        return Long.parseLong(Objects.requireNonNull(fields.get(name), () -> name + " is missing in " + fields));
    }
}
