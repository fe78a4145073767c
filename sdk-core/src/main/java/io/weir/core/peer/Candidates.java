package io.weir.core.peer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses at which one peer is dialled, in rotation: the one that worked last is the first of the next round, each is
 * tried once in a round, and one that is struck out is tried no more. Deterministic, not thread safe.
 */
final class Candidates {

    private final List<PeerAddress> all;
    private final List<PeerAddress> left;
    private int next;
    private int triedInRound;

    Candidates(List<PeerAddress> addresses) {
        all = List.copyOf(addresses);
        left = new ArrayList<>(all);
    }

    /** The one to be dialled next; null if none is left. */
    @Nullable
    PeerAddress current() {
        return left.isEmpty() ? null : left.get(next);
    }

    boolean isEmpty() {
        return left.isEmpty();
    }

    /** The current one has failed; returns whether there are others that were not tried in this round. */
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

    /** Those that were struck out are back, and the round begins with the first. */
    void restore() {
        left.clear();
        left.addAll(all);
        next = 0;
        triedInRound = 0;
    }

    private boolean hasMore(int tried) {
        triedInRound = tried < left.size() ? tried : 0;
        return triedInRound != 0 || tried == 0 && !left.isEmpty();
    }
}
