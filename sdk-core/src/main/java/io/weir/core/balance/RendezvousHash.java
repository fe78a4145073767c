package io.weir.core.balance;

/**
 * {@link PeerSelector#consistentHash}: of all peers that whose hash with the key is highest, among those below the bound. Takes a
 * look at each of them: 1,000 peers cost some microseconds, and no memory.
 *
 * @param loadFactor how many times the average a peer may have to do, this call included
 */
record RendezvousHash(double loadFactor) implements PeerSelector {

    static final double MOST_LOAD_FACTOR = 100;

    @Override
    public int select(Candidates from, long call, long key) {
        int size = from.size();
        long bound = bound(from);
        int best = -1;
        long bestScore = 0;
        for (int i = 0; i < size; i++) {
            if (from.outstanding(i) < bound) {
                long score = Mixing.mix(key ^ from.hash(i));
                if (best < 0 || score > bestScore) {
                    best = i;
                    bestScore = score;
                }
            }
        }
        return Math.max(best, 0);
    }

    /** At least one peer is below it: the average, this call included, rounded up. */
    private long bound(Candidates from) {
        if (loadFactor == Double.POSITIVE_INFINITY) {
            return Long.MAX_VALUE;
        }
        long all = 1;
        for (int i = 0; i < from.size(); i++) {
            all += from.outstanding(i);
        }
        return (long) Math.ceil(loadFactor * all / from.size());
    }

    @Override
    public String toString() {
        return "consistent hash"
                + (loadFactor == Double.POSITIVE_INFINITY ? "" : ", up to " + loadFactor + " times the average");
    }
}
