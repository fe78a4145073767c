package io.weir.core.balance;

/** {@link PeerSelector#powerOfTwoChoices}. */
enum PowerOfTwoChoices implements PeerSelector {
    INSTANCE;

    @Override
    public int select(Candidates from, long call, long key) {
        int size = from.size();
        if (size == 1) {
            return 0;
        }
        long drawn = Mixing.mix(call);
        int first = Mixing.index(drawn, size);
        int other = Mixing.index(drawn << 32, size - 1);
        int second = other < first ? other : other + 1; // any but the first
        return from.outstanding(second) < from.outstanding(first) ? second : first;
    }

    @Override
    public String toString() {
        return "power of two choices";
    }
}
