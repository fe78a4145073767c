package io.weir.reactive.transport;

import io.weir.core.handshake.HandshakeConfig;

/** How a node and its peers prove to each other who they are: what a {@link Transport} needs to make associations. */
public interface Handshakes {

    /** This node's identity and what else it brings, for transports that authenticate by themselves. */
    HandshakeConfig config();

    /** What one session of this node may hold, for transports that have limits of their own. */
    ReceiveLimits receiveLimits();

    /**
     * The handshake over a link of bytes, of which nothing was read or written yet.
     *
     * @param transport scheme of the transport that made the link
     */
    Establisher over(Link link, String transport);

    /** What dials and listens for this node on a transport of datagrams: the same each time. Any thread. */
    DatagramPorts over(DatagramTransport transport);

    /** Where transports count for this node that have their datagrams for themselves: the same each time. Any thread. */
    default PortTally tally() {
        return PortTally.NONE;
    }
}
