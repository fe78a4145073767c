package io.weir.core.balance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which of the peers that are there are left out of a choice for a time, because what is asked of them fails.
 *
 * <pre>
 *            failures in a row                 its time is over
 *   chosen ---------------------> left out ---------------------> on probation
 *     ^                              ^   more had to be chosen         |   |
 *     |                              |           one failure           |   |
 *     |                              +---------------------------------+   |
 *     +--------------------------------------------------------------------+
 *                                  one success
 * </pre>
 *
 * A peer on probation is chosen as any other; the first outcome of a call that was begun since then decides. Each time it is
 * left out again lasts longer, until it has been well for as long as the last time had lasted. Never more are left out than the
 * policy allows of those that are there; where peers go, those whose time is over first return early.
 *
 * <p>Deterministic, not thread safe. Times are monotonic nanoseconds with an arbitrary origin. Holds one entry for each peer that
 * its host has added.
 *
 * @param <P> the host's peers, by their own equality
 */
public final class OutlierDetector<P> {

    /** Twice as long so many times is longer than any time there may be. */
    private static final int MOST_TIMES = 64;

    private final OutlierPolicy policy;
    private final Map<P, Health> peers = new LinkedHashMap<>();
    private int present;

    /** Knows nobody. */
    public OutlierDetector(OutlierPolicy policy) {
        this.policy = policy;
    }

    // ---- commands

    /** A peer that is to be watched; it is not there yet. Without effect if it is watched already. */
    public void add(P peer) {
        peers.computeIfAbsent(peer, p -> new Health());
    }

    /** Forgets a peer. Returns who may be chosen again because of that. */
    public List<P> remove(P peer, long nowNanos) {
        List<P> returned = present(peer, false, nowNanos);
        peers.remove(peer);
        return returned;
    }

    /** Whether a peer is there, so that it could be chosen. What is known of it stays. Returns who may be chosen again. */
    public List<P> present(P peer, boolean there, long nowNanos) {
        Health health = health(peer);
        if (health.present != there) {
            health.present = there;
            present += there ? 1 : -1;
        }
        return trimmed(nowNanos);
    }

    // ---- handle

    /**
     * A call has failed through the peer's fault.
     *
     * @param random evenly distributed, from 0 to less than 1
     * @return whether the peer is left out from now on
     */
    public boolean onFailure(P peer, long nowNanos, double random) {
        Health health = health(peer);
        if (health.out) {
            return false;
        }
        health.failures = Math.min(health.failures + 1, policy.failuresInARow());
        boolean enough = health.onProbation || health.failures == policy.failuresInARow();
        if (!enough || !health.present || outCount() >= policy.most(present)) {
            return false;
        }
        boolean wasWell =
                health.times > 0 && !health.onProbation && nowNanos - health.returnNanos >= health.lastedNanos;
        health.times = wasWell ? 1 : Math.min(health.times + 1, MOST_TIMES);
        health.lastedNanos = policy.durationNanos(health.times, random);
        health.returnNanos = nowNanos + health.lastedNanos;
        health.out = true;
        health.onProbation = false;
        return true;
    }

    /** A call has succeeded. */
    public void onSuccess(P peer) {
        Health health = health(peer);
        if (!health.out) {
            health.failures = 0;
            health.onProbation = false;
        }
    }

    /** Returns whose time is over. */
    public List<P> onDeadline(long nowNanos) {
        List<P> returned = new ArrayList<>();
        peers.forEach((peer, health) -> {
            if (health.out && health.returnNanos - nowNanos <= 0) {
                putBack(health, nowNanos);
                returned.add(peer);
            }
        });
        return returned;
    }

    // ---- getters

    /** Whether it is left out. */
    public boolean isOut(P peer) {
        return health(peer).out;
    }

    /** Whether a success would be news: there was a failure since the last one. */
    public boolean isSuspect(P peer) {
        Health health = health(peer);
        return health.failures > 0 || health.onProbation;
    }

    /** Whether somebody's time is running. */
    public boolean hasDeadline() {
        return soonest().isPresent();
    }

    /** When the first one's time is over. */
    public long deadlineNanos() {
        return soonest().orElseThrow().getValue().returnNanos;
    }

    /** How many are watched. */
    public int size() {
        return peers.size();
    }

    // ----

    /** Those that are too many, the soonest due first. */
    private List<P> trimmed(long nowNanos) {
        List<P> returned = new ArrayList<>();
        while (outCount() > policy.most(present)) {
            Map.Entry<P, Health> first = peers.entrySet().stream()
                    .filter(entry -> entry.getValue().isMissed())
                    .min(byReturn(nowNanos))
                    .orElseThrow();
            putBack(first.getValue(), nowNanos);
            returned.add(first.getKey());
        }
        return returned;
    }

    private static void putBack(Health health, long nowNanos) {
        health.out = false;
        health.onProbation = true;
        health.failures = 0;
        health.returnNanos = nowNanos;
    }

    private Optional<Map.Entry<P, Health>> soonest() {
        return peers.entrySet().stream()
                .filter(entry -> entry.getValue().out)
                .min((a, b) -> Long.signum(a.getValue().returnNanos - b.getValue().returnNanos));
    }

    private Comparator<Map.Entry<P, Health>> byReturn(long nowNanos) {
        return Comparator.comparingLong(entry -> entry.getValue().returnNanos - nowNanos);
    }

    /** Those that are there and left out. */
    private int outCount() {
        int count = 0;
        for (Health health : peers.values()) {
            count += health.isMissed() ? 1 : 0;
        }
        return count;
    }

    private Health health(P peer) {
        Health health = peers.get(peer);
        if (health == null) {
            throw new IllegalStateException("not watched: " + peer);
        }
        return health;
    }

    /** What is known of one peer. */
    private static final class Health {
        private boolean present;
        private boolean out;
        private boolean onProbation;
        private int failures;
        private int times;
        private long lastedNanos;
        /** When it is or was back. */
        private long returnNanos;

        private boolean isMissed() {
            return present && out;
        }
    }
}
