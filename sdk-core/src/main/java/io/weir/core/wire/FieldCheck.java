package io.weir.core.wire;

import org.jspecify.annotations.Nullable;

/** Refuses frames that nobody may build: what is out of range there is a caller's bug. */
final class FieldCheck {

    private FieldCheck() {}

    static void range(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " is " + value + ", must be " + min + " to " + max);
        }
    }

    /** Refuses if there is a problem to tell. */
    static void legal(@Nullable String problem) {
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }
}
