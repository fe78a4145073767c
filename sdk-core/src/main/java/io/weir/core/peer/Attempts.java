package io.weir.core.peer;

import io.weir.core.error.CloseReason;

/**
 * Counts the failures in a row of one connection and says what follows from each, by a {@link ConnectionPolicy}.
 * Deterministic, not thread safe. Times are monotonic nanoseconds with an arbitrary origin.
 */
public final class Attempts {

    /** What follows from a failure. */
    public enum Verdict {
        /** Wait for {@link #delayNanos()}, then try again. */
        RETRY,
        /** Trying again cannot help. */
        NOT_RETRYABLE,
        /** The policy's attempts, or its time, are used up. */
        GAVE_UP
    }

    private final ConnectionPolicy policy;
    private long failures;
    private long firstFailureNanos;
    private long readySinceNanos;
    private boolean ready;
    private long delayNanos;

    public Attempts(ConnectionPolicy policy) {
        this.policy = policy;
    }

    /** It is connected, from now on. */
    public void onReady(long nowNanos) {
        ready = true;
        readySinceNanos = nowNanos;
    }

    /**
     * An attempt has failed, or what was ready is lost.
     *
     * @param random evenly distributed, from 0 to less than 1
     */
    public Verdict onFailure(CloseReason reason, long nowNanos, double random) {
        if (ready && nowNanos - readySinceNanos >= policy.stableAfter().toNanos()) {
            failures = 0;
        }
        ready = false;
        if (failures == 0) {
            firstFailureNanos = nowNanos;
        }
        failures++;
        if (!policy.retries(reason)) {
            return Verdict.NOT_RETRYABLE;
        }
        if (isUsedUp(nowNanos)) {
            return Verdict.GAVE_UP;
        }
        delayNanos = policy.backoff().delayNanos(failures, random);
        return Verdict.RETRY;
    }

    private boolean isUsedUp(long nowNanos) {
        long maxElapsedNanos = policy.maxElapsed().toNanos();
        return policy.maxAttempts() > 0 && failures >= policy.maxAttempts()
                || maxElapsedNanos > 0 && nowNanos - firstFailureNanos >= maxElapsedNanos;
    }

    /** Forgets all failures. */
    public void reset() {
        failures = 0;
        ready = false;
    }

    /** Failures in a row, the last one included. */
    public long failures() {
        return failures;
    }

    /** From the first failure of the row until now. */
    public long elapsedNanos(long nowNanos) {
        return failures == 0 ? 0 : nowNanos - firstFailureNanos;
    }

    /** How long to wait, where the last verdict was {@link Verdict#RETRY}. */
    public long delayNanos() {
        return delayNanos;
    }
}
