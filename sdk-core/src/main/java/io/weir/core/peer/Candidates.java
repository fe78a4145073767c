package io.weir.core.peer;

import io.weir.core.error.CloseReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The addresses at which one peer is dialled: each is tried once in a round, and one that is struck out is tried no more. They are in
 * rotation, and the one that worked last is the first of the next round; or, where transports are preferred, in the order of a {@link
 * TransportPreference}. Deterministic, not thread safe. Times are monotonic nanoseconds with an arbitrary origin.
 */
final class Candidates {

    private final TransportPreference preference;
    private final List<PeerAddress> all;
    private final List<PeerAddress> left;
    private final Map<PeerAddress, Failure> failures = new HashMap<>(); // of those that have not worked since
    private int next;
    private int triedInRound;

    private record Failure(CloseReason reason, long atNanos) {}

    Candidates(List<PeerAddress> addresses, TransportPreference preference) {
        this.preference = preference;
        all = addresses.stream().sorted(byPreference()).toList();
        left = new ArrayList<>(all);
    }

    /** The order is stable: where nothing is preferred it is that of the addresses. */
    private Comparator<PeerAddress> byPreference() {
        return Comparator.comparingInt(address -> preference.rank(address.scheme()));
    }

    /** The one to be dialled next; null if none is left. */
    @Nullable
    PeerAddress current() {
        return left.isEmpty() ? null : left.get(next);
    }

    boolean isEmpty() {
        return left.isEmpty();
    }

    /** A round is about to begin. */
    void arrange(long nowNanos) {
        if (!preference.isNone()) {
            left.sort(Comparator.comparing((PeerAddress address) -> hasFailedLately(address, nowNanos))
                    .thenComparing(byPreference())
                    .thenComparingInt(all::indexOf));
            next = 0;
        }
    }

    private boolean hasFailedLately(PeerAddress address, long nowNanos) {
        Failure last = failures.get(address);
        return last != null
                && nowNanos - last.atNanos < preference.fallbackFor().toNanos();
    }

    /** The current one has failed, which {@link #moveOn} or {@link #strikeOut} follows. */
    void failed(CloseReason reason, long nowNanos) {
        failures.put(left.get(next), new Failure(reason, nowNanos));
    }

    /** The current one leads to the peer. */
    void worked() {
        failures.remove(left.get(next));
    }

    /** To others; returns whether there are some that were not tried in this round. */
    boolean moveOn() {
        next = (next + 1) % left.size();
        return hasMore(triedInRound + 1);
    }

    /** The current one has failed for good; returns whether there are others that were not tried in this round. */
    boolean strikeOut() {
        left.remove(next);
        next = left.isEmpty() ? 0 : next % left.size();
        return hasMore(triedInRound);
    }

    /** From now on all that are left are to be tried, the current one first. */
    void newRound() {
        triedInRound = 0;
    }

    /** Those that were struck out are back, what has failed is forgotten, and the round begins with the first. */
    void restore() {
        left.clear();
        left.addAll(all);
        failures.clear();
        next = 0;
        triedInRound = 0;
    }

    /** Those on transports that are preferred to that one and have failed, the most preferred first. */
    List<PassedOver> passedOver(String transport) {
        List<PassedOver> passed = new ArrayList<>();
        for (PeerAddress address : all) {
            Failure last = failures.get(address);
            if (last != null && preference.rank(address.scheme()) < preference.rank(transport)) {
                passed.add(new PassedOver(address, last.reason));
            }
        }
        return List.copyOf(passed);
    }

    private boolean hasMore(int tried) {
        triedInRound = tried < left.size() ? tried : 0;
        return triedInRound != 0 || tried == 0 && !left.isEmpty();
    }
}
