package io.weir.core.balance;

import io.weir.core.error.Legal;

/**
 * How many calls may be made a second time: of each hundred so many, and after quiet times a few at once. A token bucket that
 * calls fill in place of time, so that what is made twice stays a share of the load, whatever the load is. Its content is a
 * plain number, which threads may share by compare-and-set; it lies between 0 and {@link #full}.
 *
 * @param percent 0 to 100; 0: none
 * @param burst at once, where the calls before them have earned that many; 1 to 1,000
 */
public record AttemptBudget(int percent, int burst) {

    private static final int ALL = 100;
    private static final int MOST_BURST = 1_000;

    public AttemptBudget {
        Legal.range("percent", percent, 0, ALL);
        Legal.range("burst", burst, 1, MOST_BURST);
    }

    /** With as much as it ever holds: what it begins with, if there is any share at all. */
    public int full() {
        return percent == 0 ? 0 : burst * ALL;
    }

    /** What is in it after one call more. */
    public int afterCall(int content) {
        return Math.min(content + percent, full());
    }

    /** What is in it after one call was made a second time; negative, and it must not be. */
    public int afterExtra(int content) {
        return content - ALL;
    }
}
