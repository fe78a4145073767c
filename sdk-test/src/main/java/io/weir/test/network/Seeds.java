package io.weir.test.network;

import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The seeds of a test that runs many simulations, and how to run a failing one again. */
public final class Seeds {

    /** The system property that names the one seed to run. */
    public static final String PROPERTY = "weir.seed";

    /** The system property that says how many of a test's seeds are run, in percent, 1 to 100; all of them without it. */
    public static final String PERCENT_PROPERTY = "weir.seeds.percent";

    private static final int ALL = 100;

    private Seeds() {}

    /**
     * That many seeds, the same in each run, counted up from {@code first}; only the one that {@code -Dweir.seed} names,
     * if it names one; else of them the share that {@code -Dweir.seeds.percent} names, at least one.
     *
     * @throws IllegalArgumentException if a property is no number, or out of its range
     */
    public static LongStream from(long first, int count) {
        return from(first, count, System.getProperty(PROPERTY), System.getProperty(PERCENT_PROPERTY));
    }

    static LongStream from(long first, int count, @Nullable String chosen, @Nullable String percent) {
        if (chosen != null) {
            return LongStream.of(parsed(PROPERTY, chosen));
        }
        long share = percent == null ? ALL : parsed(PERCENT_PROPERTY, percent);
        if (share < 1 || share > ALL) {
            throw new IllegalArgumentException(PERCENT_PROPERTY + " is " + share + ", must be 1 to " + ALL);
        }
        return LongStream.range(first, first + (count * share + ALL - 1) / ALL);
    }

    private static long parsed(String property, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(property + " is " + value + ", must be a number", e);
        }
    }
}
