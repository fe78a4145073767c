package io.weir.test.network;

import java.time.Duration;

/**
 * What a {@link DatagramRule} does to one datagram.
 *
 * @param copies how many go on: 0 is lost, 1 as it is; up to 100
 * @param late by how much later than otherwise they all arrive, so that others overtake them; from 0 to 1 h
 */
public record DatagramFate(int copies, Duration late) {

    /** Goes on as if there were no rule. */
    public static final DatagramFate PASSES = new DatagramFate(1, Duration.ZERO);

    /** Does not arrive. */
    public static final DatagramFate LOST = new DatagramFate(0, Duration.ZERO);

    private static final int MOST_COPIES = 100;

    public DatagramFate {
        if (copies < 0 || copies > MOST_COPIES) {
            throw new IllegalArgumentException("copies is " + copies + ", must be from 0 to " + MOST_COPIES);
        }
        LinkProfile.requireTime("late", late);
    }

    /** Arrives by so much later. */
    public static DatagramFate late(Duration late) {
        return new DatagramFate(1, late);
    }

    /** Arrives so many times. */
    public static DatagramFate copies(int copies) {
        return new DatagramFate(copies, Duration.ZERO);
    }
}
