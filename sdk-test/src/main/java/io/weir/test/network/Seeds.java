package io.weir.test.network;

import java.util.stream.LongStream;

/** The seeds of a test that runs many simulations, and how to run a failing one again. */
public final class Seeds {

    /** The system property that names the one seed to run. */
    public static final String PROPERTY = "weir.seed";

    private Seeds() {}

    /**
     * That many seeds, the same in each run, counted up from {@code first}; only the one that {@code -Dweir.seed} names,
     * if it names one.
     *
     * @throws IllegalArgumentException if the property is no number
     */
    public static LongStream from(long first, int count) {
        String chosen = System.getProperty(PROPERTY);
        if (chosen == null) {
            return LongStream.range(first, first + count);
        }
        try {
            return LongStream.of(Long.parseLong(chosen));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(PROPERTY + " is " + chosen + ", must be a number", e);
        }
    }
}
