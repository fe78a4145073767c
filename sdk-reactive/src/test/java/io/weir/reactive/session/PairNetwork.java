package io.weir.reactive.session;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNodeSpec;
import java.time.Duration;

/** What lies between the nodes of a {@link NodePair}. */
public interface PairNetwork {

    /** How long it takes, where nothing takes time by itself, until both ends know that all has come that was said. */
    Duration settling();

    /** A node to be, on a host of that name, which has no other. */
    PeerNodeSpec node(String host);

    /** Where the node of a host listens, if it does. */
    PeerAddress address(String host);

    /**
     * Gives a host a bandwidth and a distance, before it has a node.
     *
     * @param bytesPerSecond of what it sends; {@code Long.MAX_VALUE} for any
     * @param latency until what is sent to it arrives
     */
    void pace(String host, long bytesPerSecond, Duration latency);

    /** Until what is sent to a host that has a bandwidth and a distance arrives, from now on; not shorter than before. */
    void latency(String host, Duration longer);

    /** What such a host has sent, in records or datagrams. */
    long sent(String host);

    /** Breaks every connection that was dialled to a host: both ends notice at once. */
    void reset(String host);

    /** Lets nothing arrive any more at either end of the connections that were dialled to a host. */
    void silence(String host);
}
