package io.weir.core.error;

import java.time.Duration;

/**
 * So many attempts in a row have failed that no further one is made. The reason is the last attempt's, and so is the cause.
 */
public final class GaveUpException extends WeirException {

    private static final long serialVersionUID = 1L;

    private final long attempts;
    private final Duration elapsed;

    /**
     * @param attempts how many have failed in a row
     * @param elapsed from the first failure of the row to the last
     */
    public GaveUpException(long attempts, Duration elapsed, CloseReason reason, Throwable cause) {
        super("gave up after " + attempts + " attempts in " + elapsed, reason, cause);
        this.attempts = attempts;
        this.elapsed = elapsed;
    }

    /** How many have failed in a row. */
    public long attempts() {
        return attempts;
    }

    /** From the first failure of the row to the last. */
    public Duration elapsed() {
        return elapsed;
    }
}
