package io.weir.core.balance;

import io.weir.core.error.Legal;
import io.weir.core.identity.PeerId;

/**
 * Chooses one of several peers for one call. Without state and without chance of its own: what it goes by are its arguments,
 * so that any number of threads may ask it at once.
 */
@FunctionalInterface
public interface PeerSelector {

    /**
     * Those that may be chosen, at one moment. None of them is out of use: who has no session, drains or is left out is not
     * among them.
     */
    interface Candidates {

        /** How many there are; 1 or more where a selector is asked. */
        int size();

        /** Who it is. */
        PeerId peer(int index);

        /** What this node has begun with it and what is not over: calls, or streams where a stream's peer is chosen. */
        int outstanding(int index);

        /** A number of the peer that is evenly distributed, and the same at every node. */
        default long hash(int index) {
            return Mixing.mix(peer(index).bytes());
        }
    }

    /**
     * Which one gets the call.
     *
     * @param from at least one; their order changes only when one comes or goes
     * @param call the call's number: one more for each, from where chance has set it
     * @param key a hash of the call's key; where it has none, another number for each call
     * @return its index, 0 or more and below their number
     */
    int select(Candidates from, long call, long key);

    /** One after the other, whatever they have to do. */
    static PeerSelector roundRobin() {
        return RoundRobin.INSTANCE;
    }

    /**
     * Of two that chance draws the one with less to do (Mitzenmacher 2001). Nobody gets more than twice its share, however
     * idle it looks: so one that has just come is not run over by everybody at once.
     */
    static PeerSelector powerOfTwoChoices() {
        return PowerOfTwoChoices.INSTANCE;
    }

    /**
     * The same peer for the same key, at every node, as long as it is there: rendezvous hashing (Thaler, Ravishankar 1998). When a
     * peer goes, its keys are spread over the others, and no other key moves; when it is back they return.
     */
    static PeerSelector consistentHash() {
        return new RendezvousHash(Double.POSITIVE_INFINITY);
    }

    /**
     * The same, but a peer that has so many times the average to do passes the key on to the key's next peer (Mirrokni, Thorup,
     * Zadimoghaddam 2018): popular keys are spread. Where a node has few calls at once, two with one key already are.
     *
     * @param loadFactor 1.0 to 100.0
     * @throws IllegalArgumentException if it is out of range
     */
    static PeerSelector consistentHash(double loadFactor) {
        Legal.range("loadFactor", loadFactor, 1.0, RendezvousHash.MOST_LOAD_FACTOR);
        return new RendezvousHash(loadFactor);
    }
}
