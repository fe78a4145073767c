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
final class NodePair implements AutoCloseable {

    static final String NAME = "server";
    static final Duration STEP = Duration.ofMillis(1);

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final MemoryNetwork network = MemoryNetwork.on(time);
    final PeerNode server;
    final PeerNode client;
    final PeerSession session;
    private final PeerSession serverSession;

    private NodePair(UnaryOperator<PeerNodeSpec> serverSpec, UnaryOperator<PeerNodeSpec> clientSpec) {
        NodeLimits limits = NodeLimits.defaults();
        server = started(serverSpec
                .apply(Weir.node().limits(limits).listen(PeerAddress.memory(NAME)))
                .transport(network.transport()));
        client = started(clientSpec.apply(Weir.node().limits(limits)).transport(network.transport()));
        AtomicReference<PeerSession> accepted = new AtomicReference<>();
        server.sessions().subscribe(accepted::set);
        AtomicReference<PeerSession> dialled = new AtomicReference<>();
        client.connect(PeerAddress.memory(NAME)).subscribe(dialled::set);
        settle();
        session = Objects.requireNonNull(dialled.get(), "no session");
        serverSession = Objects.requireNonNull(accepted.get(), "no session at the server");
    }

    static NodePair of(UnaryOperator<PeerNodeSpec> serverSpec) {
        return new NodePair(serverSpec, spec -> spec);
    }

    static NodePair of(UnaryOperator<PeerNodeSpec> serverSpec, UnaryOperator<PeerNodeSpec> clientSpec) {
        return new NodePair(serverSpec, clientSpec);
    }

    PeerSession serverSession() {
        return serverSession;
    }

    /** Lets everything happen that needs no time. */
    void settle() {
        time.advanceTime();
    }

    void advance(Duration duration) {
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
