package io.weir.core.peer;

import io.weir.core.error.CloseReason;

/**
 * Counts the failures in a row of one connection and says what follows from each, by a {@link ConnectionPolicy}.
 * Deterministic, not thread safe. Times are monotonic nanoseconds with an arbitrary origin.
 *
 * <p>A row is what has failed since it was last connected, behind the sessions that did not last. Of those one is forgiven for
 * each {@link #FORGIVING_PARTS}th of {@link ConnectionPolicy#stableAfter()} that a session lives, and all of them when it
 * lives that long. So where a peer accepts and closes in a loop each session that dies young adds to the row, and the delays
 * grow; where sessions of half a minute lie between outages, as when one server after the other is started again, each outage
 * begins with the first delay.
 */
public final class Attempts {

    /** A session that lives for one of so many parts of the stable time makes up for one that did not last. */
    public static final int FORGIVING_PARTS = 6;

    /** What follows from a failure. */
    public enum Verdict {
        /** Wait for {@link #delayNanos()}, then try again. */
        RETRY,
        /** Trying again cannot help. */
        FINAL,
        /** The policy's attempts, or its time, are used up. */
        GAVE_UP
    }

    private final ConnectionPolicy policy;
    private long failures;
    private long shortSessions;
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
        count(nowNanos);
        ConnectionPolicy.Outlook outlook = policy.outlook(reason);
        if (outlook == ConnectionPolicy.Outlook.FINAL) {
            return Verdict.FINAL;
        }
        if (isUsedUp(nowNanos)) {
            return Verdict.GAVE_UP;
        }
        delayNanos = outlook == ConnectionPolicy.Outlook.RETRY
                ? policy.backoff().delayNanos(failures, random)
                : policy.backoff().longDelayNanos(random);
        return Verdict.RETRY;
    }

    private void count(long nowNanos) {
        if (ready) {
            ready = false;
            shortSessions = unforgiven(nowNanos - readySinceNanos) + 1;
            failures = shortSessions;
        } else {
            failures++;
        }
        if (failures == 1) {
            firstFailureNanos = nowNanos;
        }
    }

    /** Sessions that did not last, after one that lived so long. */
    private long unforgiven(long livedNanos) {
        long stableNanos = policy.stableAfter().toNanos();
        long forgiven = livedNanos / (stableNanos / FORGIVING_PARTS);
        return livedNanos >= stableNanos ? 0 : Math.max(0, shortSessions - forgiven);
    }

    private boolean isUsedUp(long nowNanos) {
        long maxElapsedNanos = policy.maxElapsed().toNanos();
        return policy.maxAttempts() > 0 && failures >= policy.maxAttempts()
                || maxElapsedNanos > 0 && nowNanos - firstFailureNanos >= maxElapsedNanos;
    }

    /** Forgets all failures. */
    public void reset() {
        failures = 0;
        shortSessions = 0;
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
