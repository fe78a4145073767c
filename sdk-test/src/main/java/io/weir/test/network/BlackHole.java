package io.weir.test.network;

import java.time.Duration;

/**
 * A line that is open and swallows everything, by turns, beginning open.
 *
 * @param open how long it is open each time; from 0 to 1 h
 * @param swallowing how long it swallows each time; above 0, up to 1 h
 */
public record BlackHole(Duration open, Duration swallowing) {

    public BlackHole {
        LinkProfile.requireTime("open", open);
        LinkProfile.requireTime("swallowing", swallowing);
        if (swallowing.isZero()) {
            throw new IllegalArgumentException("swallowing is " + swallowing + ", must be positive");
        }
    }

    /** Whether it swallows, that long after its beginning. */
    boolean swallows(long sinceNanos) {
        long openNanos = open.toNanos();
        return sinceNanos % (openNanos + swallowing.toNanos()) >= openNanos;
    }
}
