package io.weir.reactive.jfr;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.jfr.SettingControl;
import org.jspecify.annotations.Nullable;

/** How long a half must have been blocked to be recorded: a number and a unit, as {@code 20 ms}. */
final class BlockedThreshold extends SettingControl {

    private static final String DEFAULT = "100 ms";
    private static final long UNREADABLE = Long.MAX_VALUE;

    private volatile String value = DEFAULT;
    private volatile long nanos = nanosOf(DEFAULT);

    BlockedThreshold() {}

    long nanos() {
        return nanos;
    }

    /** Where several recordings run, what any of them wants is recorded. */
    @Override
    public String combine(Set<String> values) {
        return values.stream()
                .min(Comparator.comparingLong(BlockedThreshold::nanosOf))
                .orElse(DEFAULT);
    }

    /** A value that is none leaves the setting as it is, as the recorder has it with its own. */
    @Override
    public void setValue(String newValue) {
        long parsed = nanosOf(newValue);
        if (parsed != UNREADABLE) {
            value = newValue;
            nanos = parsed;
        }
    }

    @Override
    public String getValue() {
        return value;
    }

    private static long nanosOf(String text) {
        String[] parts = text.trim().split("\\s+");
        TimeUnit unit = parts.length == 2 ? unitOf(parts[1]) : null;
        try {
            return unit == null ? UNREADABLE : unit.toNanos(Long.parseUnsignedLong(parts[0]));
        } catch (NumberFormatException e) {
            return UNREADABLE;
        }
    }

    private static @Nullable TimeUnit unitOf(String name) {
        return switch (name) {
            case "ns" -> TimeUnit.NANOSECONDS;
            case "us" -> TimeUnit.MICROSECONDS;
            case "ms" -> TimeUnit.MILLISECONDS;
            case "s" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MINUTES;
            case "h" -> TimeUnit.HOURS;
            case "d" -> TimeUnit.DAYS;
            default -> null;
        };
    }
}
