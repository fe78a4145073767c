package io.weir.core.error;

import java.time.Duration;
import java.util.Objects;

/** Refuses arguments out of range; whoever gives one is told its name, its value and what is legal. */
public final class Legal {

    private Legal() {}

    /** @throws IllegalArgumentException unless it is {@code least} to {@code most} */
    public static void range(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw outOfRange(name, value, least, most);
        }
    }

    /** @throws IllegalArgumentException unless it is {@code least} to {@code most}; NaN never is */
    public static void range(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw outOfRange(name, value, least, most);
        }
    }

    /**
     * Durations say what they are in ISO 8601.
     *
     * @throws IllegalArgumentException unless it is {@code least} to {@code most}
     */
    public static void range(String name, Duration value, Duration least, Duration most) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw outOfRange(name, value, least, most);
        }
    }

    private static IllegalArgumentException outOfRange(String name, Object value, Object least, Object most) {
        return new IllegalArgumentException(name + " is " + value + "; legal: " + least + " to " + most);
    }
}
