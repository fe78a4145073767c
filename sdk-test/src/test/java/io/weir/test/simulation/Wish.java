package io.weir.test.simulation;

/**
 * One host of a swarm wants another.
 *
 * @param way what it knows of it
 */
record Wish(String from, String to, Way way) {

    /** What is known of a peer that is wanted. */
    enum Way {
        /** Only where it is. */
        ADDRESS,
        /** Where it is and who it is. */
        ADDRESS_AND_ID,
        /** Only who it is: it is awaited, and must want this host by an address. */
        ID
    }

    @Override
    public String toString() {
        return from + " wants " + to + " by " + way;
    }
}
