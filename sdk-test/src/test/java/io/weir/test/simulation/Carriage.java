package io.weir.test.simulation;

/** What carries the sessions of a {@link Pair}. */
enum Carriage {
    /** Links that keep the order of all frames. */
    LINKS,
    /** Those, with halves that overtake control and each other. */
    LANES,
    /** Those, cut into packets that are lost and keep no order. */
    PACKETS,
    /** Datagrams on a network that loses, doubles and reorders them. */
    DATAGRAMS
}
