package io.weir.reactive.session;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Two nodes with one session between them, in memory and in virtual time: everything happens in the test's thread, when
 * it advances the time.
 */
public final class NodePair implements AutoCloseable {

    static final String NAME = "server";
    static final Duration STEP = Duration.ofMillis(1);

    /** Three of the handshake, of which the last brings the dialler's HELLO along, and the listener's HELLO. */
    private static final int MESSAGES_TO_BE_READY = 4;

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final MemoryNetwork network = MemoryNetwork.on(time);
    final PeerNode server;
    public final PeerNode client;
    public final PeerSession session;
    final PacedTransport serverSide;
    final PacedTransport clientSide;
    private final PeerSession serverSession;

    private NodePair(
            Duration latency,
            long bytesPerSecond,
            UnaryOperator<PeerNodeSpec> serverSpec,
            UnaryOperator<PeerNodeSpec> clientSpec) {
        serverSide = new PacedTransport(network.transport(), bytesPerSecond, latency);
        clientSide = new PacedTransport(network.transport(), bytesPerSecond, latency);
        NodeLimits limits = NodeLimits.defaults();
        server = started(serverSpec
                .apply(Weir.node().limits(limits).listen(PeerAddress.memory(NAME)))
                .transport(serverSide));
        client = started(clientSpec.apply(Weir.node().limits(limits)).transport(clientSide));
        AtomicReference<PeerSession> accepted = new AtomicReference<>();
        server.sessions().subscribe(accepted::set);
        AtomicReference<PeerSession> dialled = new AtomicReference<>();
        client.connect(PeerAddress.memory(NAME)).subscribe(dialled::set);
        settle();
        advance(latency.multipliedBy(MESSAGES_TO_BE_READY));
        if (bytesPerSecond != Long.MAX_VALUE) {
            advance(Duration.ofSeconds(1));
        }
        session = Objects.requireNonNull(dialled.get(), "no session");
        serverSession = Objects.requireNonNull(accepted.get(), "no session at the server");
    }

    public static NodePair of(UnaryOperator<PeerNodeSpec> serverSpec) {
        return of(serverSpec, spec -> spec);
    }

    public static NodePair of(UnaryOperator<PeerNodeSpec> serverSpec, UnaryOperator<PeerNodeSpec> clientSpec) {
        return new NodePair(Duration.ZERO, Long.MAX_VALUE, serverSpec, clientSpec);
    }

    /** Two nodes that far apart, each with that bandwidth to the other; just ready. */
    public static NodePair paced(
            Duration latency,
            long bytesPerSecond,
            UnaryOperator<PeerNodeSpec> serverSpec,
            UnaryOperator<PeerNodeSpec> clientSpec) {
        return new NodePair(latency, bytesPerSecond, serverSpec, clientSpec);
    }

    PeerSession serverSession() {
        return serverSession;
    }

    /** Lets everything happen that needs no time. */
    public void settle() {
        time.advanceTime();
    }

    public void advance(Duration duration) {
        time.advanceTimeBy(duration);
    }

    private PeerNode started(PeerNodeSpec spec) {
        AtomicReference<PeerNode> node = new AtomicReference<>();
        spec.start().subscribe(node::set);
        time.advanceTime();
        return Objects.requireNonNull(node.get(), "not started");
    }

    @Override
    public void close() {
        client.dispose();
        server.dispose();
        advance(Duration.ofSeconds(2));
        time.dispose();
    }
}
