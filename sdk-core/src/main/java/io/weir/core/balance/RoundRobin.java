package io.weir.core.balance;

/** {@link PeerSelector#roundRobin}. */
enum RoundRobin implements PeerSelector {
    INSTANCE;

    @Override
    public int select(Candidates from, long call, long key) {
        return (int) Long.remainderUnsigned(call, from.size());
    }

    @Override
    public String toString() {
        return "round robin";
    }
}
