package io.weir.benchmarks.result;

import io.weir.benchmarks.peer.Workload;
import java.util.Locale;

/** Figures as the report writes them. */
final class Units {
    private Units() {}

    /** What a workload counts per second, for example {@code 5.12 M el/s}. */
    static String rate(double perSecond, Workload workload) {
        return millions(perSecond) + " M " + workload.unit() + "/s";
    }

    /** Millions with three significant digits, for example {@code 0.987}, {@code 5.12}, {@code 20.3}. */
    static String millions(double value) {
        return threeDigits(value / 1e6);
    }

    /** Thousands with three significant digits. */
    static String thousands(double value) {
        return threeDigits(value / 1e3);
    }

    /** Nanoseconds as microseconds with three significant digits. */
    static String micros(double nanos) {
        return threeDigits(nanos / 1e3);
    }

    /** A plain number with three significant digits. */
    static String three(double value) {
        return threeDigits(value);
    }

    private static String threeDigits(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
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
