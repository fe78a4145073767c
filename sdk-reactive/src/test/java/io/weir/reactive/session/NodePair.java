package io.weir.reactive.session;

import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Two nodes with one session between them, in virtual time: everything happens in the test's thread, when it advances the
 * time. They are in memory, with links between them, unless {@link #over} gives them another network.
 */
public final class NodePair implements AutoCloseable {

    public static final String NAME = "server";
    public static final String CLIENT = "client";
    static final Duration STEP = Duration.ofMillis(1);

    /** Three of the handshake, of which the last brings the dialler's HELLO along, and the listener's HELLO. */
    private static final int MESSAGES_TO_BE_READY = 4;

    private static final ThreadLocal<Function<VirtualTimeScheduler, PairNetwork>> NETWORKS =
            ThreadLocal.withInitial(() -> MemoryPairNetwork::new);

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Duration settling;
    final PairNetwork network = NETWORKS.get().apply(time);
    final PeerNode server;
    public final PeerNode client;
    public final PeerSession session;
    private final PeerSession serverSession;

    private NodePair(
            Duration latency,
            long bytesPerSecond,
            UnaryOperator<PeerNodeSpec> serverSpec,
            UnaryOperator<PeerNodeSpec> clientSpec) {
        boolean paced = !latency.isZero() || bytesPerSecond != Long.MAX_VALUE;
        settling = paced ? Duration.ZERO : network.settling();
        network.pace(NAME, bytesPerSecond, latency);
        network.pace(CLIENT, bytesPerSecond, latency);
        NodeLimits limits = NodeLimits.defaults();
        server = started(serverSpec.apply(network.node(NAME).limits(limits).listen(network.address(NAME))));
        client = started(clientSpec.apply(network.node(CLIENT).limits(limits)));
        AtomicReference<PeerSession> accepted = new AtomicReference<>();
        server.sessions().subscribe(accepted::set);
        AtomicReference<PeerSession> dialled = new AtomicReference<>();
        client.connect(network.address(NAME)).subscribe(dialled::set);
        settle();
        advance(latency.multipliedBy(MESSAGES_TO_BE_READY));
        if (bytesPerSecond != Long.MAX_VALUE) {
            advance(Duration.ofSeconds(1));
        }
        session = Objects.requireNonNull(dialled.get(), "no session");
        serverSession = Objects.requireNonNull(accepted.get(), "no session at the server");
    }

    /** Does something with another network between the pairs that are made meanwhile, in this thread. */
    public static void over(Function<VirtualTimeScheduler, PairNetwork> networks, Runnable work) {
        NETWORKS.set(networks);
        try {
            work.run();
        } finally {
            NETWORKS.remove();
        }
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

    /** One more node like the client, with no session yet. */
    PeerNode anotherClient() {
        return started(network.node("another"));
    }

    /** A session of that node with the server. */
    PeerSession connected(PeerNode node) {
        AtomicReference<PeerSession> dialled = new AtomicReference<>();
        node.connect(network.address(NAME)).subscribe(dialled::set);
        settle();
        return Objects.requireNonNull(dialled.get(), "no session");
    }

    PeerSession serverSession() {
        return serverSession;
    }

    /** Lets everything happen that needs no time, but what a network that is not paced needs for it. */
    public void settle() {
        time.advanceTimeBy(settling);
    }

    public void advance(Duration duration) {
        time.advanceTimeBy(duration);
    }

    /** One more node, started. */
    PeerNode started(PeerNodeSpec spec) {
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
