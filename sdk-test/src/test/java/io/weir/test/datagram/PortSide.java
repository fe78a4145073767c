package io.weir.test.datagram;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.error.CloseReason;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.Role;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.session.port.NodePorts;
import io.weir.reactive.transport.Association;
import io.weir.reactive.transport.DatagramPorts;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.LinkListener;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The ports of a host, without a node: what they make of handshakes is kept here. */
final class PortSide implements Establisher.Outcome {

    final SimulatedNetwork network;
    final String host;
    final TappedTransport transport;
    final NodePorts node;
    final DatagramPorts ports;
    final PeerId id;
    final List<Establisher> connections = new ArrayList<>();
    final List<Association> established = new ArrayList<>();
    final List<KeptEnd> sessions = new ArrayList<>();
    final List<CloseReason> failures = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();

    /** Makes a defect of whatever needs randomness. */
    boolean randomFails;

    @Nullable
    LinkListener listener;

    PortSide(SimulatedNetwork network, String host) {
        this(network, host, NodeLimits.defaults(), config -> config);
    }

    PortSide(SimulatedNetwork network, String host, NodeLimits limits, UnaryOperator<HandshakeConfig> change) {
        this.network = network;
        this.host = host;
        transport = new TappedTransport(network.datagramTransport(host));
        RandomBytes seeded = network.randomness("ports of " + host);
        RandomBytes random = out -> {
            if (randomFails) {
                throw new IllegalStateException("no randomness, on purpose");
            }
            seeded.nextBytes(out);
        };
        HandshakeConfig config =
                change.apply(HandshakeConfig.of(network.identity(host), X25519KeyPair.generate(random)));
        node = new NodePorts(config, random, limits, network::nowNanos, null);
        ports = node.over(transport);
        id = network.identity(host).peerId();
    }

    PeerAddress address() {
        return PeerAddress.udp(host, SimulatedNetwork.PORT);
    }

    /** Listens; each connection is started. */
    PortSide listen() {
        ports.accept(address(), connection -> {
                    connections.add(connection);
                    connection.start(Role.RESPONDER, null, this);
                })
                .subscribe(bound -> listener = bound, errors::add);
        network.settle();
        return this;
    }

    /** So many dials that get an answer and never give the last one. */
    void crowd(PortSide other, int count) {
        transport.lose(4, Integer.MAX_VALUE);
        for (int i = 0; i < count; i++) {
            dial(other, null, Duration.ofMinutes(1));
        }
    }

    /** Dials and starts what comes of it. */
    void dial(PortSide other, @Nullable PeerId expected, Duration within) {
        ports.dial(other.address(), within, DialProgress.UNHEARD)
                .subscribe(
                        connection -> {
                            connections.add(connection);
                            connection.start(Role.INITIATOR, expected, this);
                        },
                        errors::add);
        network.settle();
    }

    @Override
    public void established(Association association) {
        established.add(association);
        KeptEnd session = new KeptEnd();
        sessions.add(session);
        association.carrier().start(session, session);
    }

    @Override
    public void failed(CloseReason reason) {
        failures.add(reason);
    }
}
