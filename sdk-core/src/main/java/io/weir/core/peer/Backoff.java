package io.weir.core.peer;

import io.weir.core.error.Legal;
import java.time.Duration;

/**
 * How long to wait before the next attempt: exponential backoff with full jitter. After the n-th failure in a row the delay
 * is evenly distributed from {@link #FLOOR} to {@link #ceilingNanos}, which is {@code initial x factor^(n-1)} and at most
 * {@code cap}. So a thousand that lost one peer at the same moment do not all come back at another.
 *
 * <p>The floor is there for the sake of whoever is dialled: no run of low numbers makes a hot loop.
 *
 * @param initial the ceiling of the first delay; 10 ms to 1 h
 * @param factor what each further failure multiplies the ceiling by; 1 to 16
 * @param cap no ceiling is higher; {@code initial} to 24 h
 */
public record Backoff(Duration initial, double factor, Duration cap) {

    /** No delay is shorter. */
    public static final Duration FLOOR = Duration.ofMillis(10);

    private static final Duration LONGEST_INITIAL = Duration.ofHours(1);
    private static final Duration LONGEST_CAP = Duration.ofHours(24);
    private static final double MAX_FACTOR = 16;

    public Backoff {
        Legal.range("initial", initial, FLOOR, LONGEST_INITIAL);
        Legal.range("factor", factor, 1.0, MAX_FACTOR);
        Legal.range("cap", cap, initial, LONGEST_CAP);
    }

    /** 0.5 s, doubled up to 30 s. */
    public static Backoff defaults() {
        return new Backoff(Duration.ofMillis(500), 2, Duration.ofSeconds(30));
    }

    /**
     * The longest that the delay after so many failures in a row can be, in nanoseconds. Rises with their number up to the
     * cap, whatever the number.
     *
     * @param failures 1 or more
     */
    public long ceilingNanos(long failures) {
        if (failures < 1) {
            throw new IllegalArgumentException("failures is " + failures + ", must be 1 or more");
        }
        double ceiling = initial.toNanos() * Math.pow(factor, failures - 1d);
        return ceiling < cap.toNanos() ? (long) ceiling : cap.toNanos();
    }

    /**
     * The delay after so many failures in a row, in nanoseconds.
     *
     * @param failures 1 or more
     * @param random evenly distributed, from 0 to less than 1
     */
    public long delayNanos(long failures, double random) {
        requireFraction(random);
        long floor = FLOOR.toNanos();
        return floor + (long) (random * (ceilingNanos(failures) - floor + 1));
    }

    /**
     * The delay after a failure that time alone hardly mends, whichever of a row it is: evenly distributed from half of the
     * cap to the cap, in nanoseconds.
     *
     * @param random evenly distributed, from 0 to less than 1
     */
    public long longDelayNanos(double random) {
        requireFraction(random);
        long half = Math.max(cap.toNanos() / 2, FLOOR.toNanos());
        return half + (long) (random * (cap.toNanos() - half + 1));
    }

    private static void requireFraction(double random) {
        if (!(random >= 0 && random < 1)) {
            throw new IllegalArgumentException("random is " + random + ", must be from 0 to less than 1");
        }
    }
}
