package io.weir.core.credit;

/**
 * One window's own measure of the round-trip time: from a grant to the first bytes beyond the limit before it. It counts
 * only if the peer said BLOCKED at exactly that limit, for then it had bytes waiting for this grant and nothing else.
 *
 * <pre>
 *   IDLE --grant at limit L--&gt; WATCHING --bytes beyond L, BLOCKED at L seen--&gt; DUE --sample--&gt; IDLE
 *                                  |------bytes beyond L, no BLOCKED----------------------------&gt; IDLE
 * </pre>
 */
final class RoundTripProbe {
    /** Longest sample believed: beyond it the peer or its link was busy, not far away. */
    private static final long MAX_RTT_NANOS = 2_000_000_000L;

    private static final long NONE = Long.MAX_VALUE;

    /** Offset beyond which bytes answer the grant being watched. */
    long mark = NONE;

    private boolean confirmed;
    private boolean due;
    private long grantNanos;
    private long ownRttNanos;
    private long linkRttNanos;

    void onGrant(long limitBefore, boolean peerBlockedThere, long nowNanos) {
        if (mark == NONE) {
            mark = limitBefore;
            confirmed = peerBlockedThere;
            grantNanos = nowNanos;
        }
    }

    void onBlocked(long limit, long nowNanos) {
        sample(nowNanos);
        if (limit == mark) {
            confirmed = true;
        }
    }

    void onMarkPassed() {
        due = confirmed;
        confirmed = false;
        mark = NONE;
    }

    boolean sampleDue() {
        return due;
    }

    void sample(long nowNanos) {
        if (!due) {
            return;
        }
        due = false;
        long sample = Math.max(0, Math.min(nowNanos - grantNanos, MAX_RTT_NANOS));
        // Follows a shorter time at once and a longer one slowly: a sample can only be too long.
        ownRttNanos = ownRttNanos == 0 || sample < ownRttNanos ? sample : ownRttNanos + (sample - ownRttNanos) / 8;
    }

    void onLinkRtt(long rttNanos) {
        linkRttNanos = Math.max(0, Math.min(rttNanos, MAX_RTT_NANOS));
    }

    long rttNanos() {
        return Math.max(ownRttNanos, linkRttNanos);
    }
}
