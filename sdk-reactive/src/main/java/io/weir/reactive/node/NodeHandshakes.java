package io.weir.reactive.node;

import io.weir.core.handshake.HandshakeConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.session.carrier.NoiseHandshakes;
import io.weir.reactive.session.port.NodePorts;
import io.weir.reactive.transport.DatagramPorts;
import io.weir.reactive.transport.DatagramTransport;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Handshakes;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.PortTally;
import io.weir.reactive.transport.ReceiveLimits;

/** The handshakes of a node: over links of bytes, and over datagrams. */
record NodeHandshakes(NoiseHandshakes links, NodePorts ports, NodeLimits limits) implements Handshakes {

    @Override
    public HandshakeConfig config() {
        return links.config();
    }

    @Override
    public ReceiveLimits receiveLimits() {
        return new ReceiveLimits(limits.sessionBudgetBytes() + limits.maxPayloadBytes(), limits.maxStreams());
    }

    @Override
    public Establisher over(Link link, String transport) {
        return links.over(link, transport);
    }

    @Override
    public DatagramPorts over(DatagramTransport transport) {
        return ports.over(transport);
    }

    @Override
    public PortTally tally() {
        return ports.tally();
    }
}
