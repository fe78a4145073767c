package io.weir.core.peer;

/**
 * Judges whether a peer still lives, and tells when to prove that this end does (DESIGN section 6).
 *
 * <p>Any authenticated input proves life. Each side tells the other how long it tolerates silence; a side beats when it
 * has <em>sent</em> nothing for a third of the other's limit, so that two beats may be lost before the third is late.
 *
 * <pre>
 *            poll, limit not over           received
 *           +---+                  +----------------------+
 *           v   |                  v                      |
 *   -----> LISTENING --limit over----------------------> DRAINING --poll, still nothing--> SILENT
 *           ^   |                                                  (final)
 *           +---+ timer late: the limit moves, once
 * </pre>
 *
 * <p>Before silence is final two things are granted. A timer that fired late, be it that of a beat, says that this process
 * slept, and then so may have the peer, or the input may wait: from then on one more beat interval, once. And input that
 * already waits below is read first: the verdict {@link Due#DRAIN} asks for that, and only the next poll can say
 * {@link Due#SILENT}. A beat that is due goes before both, for the peer may be about to judge this end.
 *
 * <p>Deterministic, loop-confined. Times are monotonic nanoseconds with an arbitrary origin.
 */
public final class Liveness {
    /** What is due now. */
    public enum Due {
        /** Nothing until {@link #deadlineNanos()}. */
        NOTHING,
        /** Send a heartbeat and report it by {@link #onSent}. Asked for once per interval, sent or not. */
        BEAT,
        /** Read what waits, report it, and poll again: without input the peer is then silent. */
        DRAIN,
        /** The peer has said nothing for its limit: the session is lost. Every further poll says so too. */
        SILENT
    }

    /** A peer that wants beats more often than this gets them this often: it may not set our workload. 10 ms. */
    public static final long MIN_BEAT_NANOS = 10_000_000L;

    /** Limits are cut to this, some 73 years, so that sums cannot overflow. */
    private static final long MAX_LIMIT_NANOS = Long.MAX_VALUE / 4;

    /** A side beats so often within the other's limit. */
    public static final int BEATS_PER_LIMIT = 3;

    /** A timer is late when it fires later than by this part of the limit. */
    private static final int LATE_DIVISOR = 8;

    private final long silenceLimitNanos;
    private long beatIntervalNanos;

    private long beatAtNanos;
    private long silentAtNanos;
    private boolean intervalGranted;
    private boolean draining;
    private boolean silent;

    /**
     * Starts listening and beating at {@code nowNanos}.
     *
     * @param ownLimitNanos silence that this end tolerates and has told the peer; positive
     * @param peerLimitNanos silence that the peer tolerates, as it said; clamped to what is sensible
     * @throws IllegalArgumentException if the own limit is not positive
     */
    public Liveness(long ownLimitNanos, long peerLimitNanos, long nowNanos) {
        if (ownLimitNanos <= 0) {
            throw new IllegalArgumentException("ownLimitNanos is " + ownLimitNanos + ", must be positive");
        }
        silenceLimitNanos = Math.min(ownLimitNanos, MAX_LIMIT_NANOS);
        beatIntervalNanos = beatInterval(peerLimitNanos);
        beatAtNanos = nowNanos + beatIntervalNanos;
        silentAtNanos = nowNanos + silenceLimitNanos;
    }

    /** The peer has told its limit; before that the constructor's was assumed. */
    public void onPeerLimit(long peerLimitNanos, long nowNanos) {
        long sinceSent = nowNanos - (beatAtNanos - beatIntervalNanos);
        beatIntervalNanos = beatInterval(peerLimitNanos);
        beatAtNanos = nowNanos - sinceSent + beatIntervalNanos;
    }

    /** Something was sent to the peer: it need not be reminded for an interval. */
    public void onSent(long nowNanos) {
        beatAtNanos = nowNanos + beatIntervalNanos;
    }

    /** Something authentic came from the peer. */
    public void onReceived(long nowNanos) {
        if (!silent) {
            silentAtNanos = nowNanos + silenceLimitNanos;
            intervalGranted = false;
            draining = false;
        }
    }

    /**
     * Says what is due; call it when {@link #deadlineNanos()} has come and again after doing what it said, until it says
     * {@link Due#NOTHING}.
     */
    public Due poll(long nowNanos) {
        if (silent) {
            return Due.SILENT;
        }
        grantIfLate(nowNanos);
        if (nowNanos - beatAtNanos >= 0) {
            beatAtNanos = nowNanos + beatIntervalNanos;
            return Due.BEAT;
        }
        if (nowNanos - silentAtNanos < 0) {
            return Due.NOTHING;
        }
        silent = draining;
        draining = true;
        return silent ? Due.SILENT : Due.DRAIN;
    }

    private void grantIfLate(long nowNanos) {
        if (intervalGranted || nowNanos - deadlineNanos() <= silenceLimitNanos / LATE_DIVISOR) {
            return;
        }
        intervalGranted = true;
        draining = false;
        long grantedUntilNanos = nowNanos + Math.max(1, silenceLimitNanos / BEATS_PER_LIMIT);
        if (grantedUntilNanos - silentAtNanos > 0) {
            silentAtNanos = grantedUntilNanos;
        }
    }

    /** The moment of the next poll; already past while something is due. */
    public long deadlineNanos() {
        return silentAtNanos - beatAtNanos < 0 ? silentAtNanos : beatAtNanos;
    }

    private static long beatInterval(long peerLimitNanos) {
        return Math.max(MIN_BEAT_NANOS, Math.min(peerLimitNanos, MAX_LIMIT_NANOS) / BEATS_PER_LIMIT);
    }
}
