package io.weir.test.network;

import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The seeds of a test that runs many simulations, and how to run a failing one again. */
public final class Seeds {

    /** The system property that names the one seed to run. */
    public static final String PROPERTY = "weir.seed";

    /**
     * The system property that says which of a test's seeds are run, in percent, 1 to 100; all of them without it. {@code 25} is
     * their first quarter, {@code 25-100} the rest.
     */
    public static final String PERCENT_PROPERTY = "weir.seeds.percent";

    private static final int ALL = 100;

    private Seeds() {}

    /**
     * That many seeds, the same in each run, counted up from {@code first}; only the one that {@code -Dweir.seed} names,
     * if it names one; else those of them that {@code -Dweir.seeds.percent} names, at least one.
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
        String part = percent == null ? String.valueOf(ALL) : percent;
        int dash = part.indexOf('-', 1);
        long from = dash < 0 ? 0 : parsed(PERCENT_PROPERTY, part.substring(0, dash));
        long to = parsed(PERCENT_PROPERTY, part.substring(dash + 1));
        if (from < 0 || from >= to || to > ALL) {
            throw new IllegalArgumentException(PERCENT_PROPERTY + " is " + percent + ", must be 1 to " + ALL
                    + ", or two of 0 to " + ALL + " that rise");
        }
        long begin = Math.min(share(count, from), count - 1);
        return LongStream.range(first + begin, first + Math.max(begin + 1, share(count, to)));
    }

    /** So many percent of them, rounded up. */
    private static long share(int count, long percent) {
        return (count * percent + ALL - 1) / ALL;
    }

    private static long parsed(String property, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(property + " is " + value + ", must be a number", e);
        }
    }
}
