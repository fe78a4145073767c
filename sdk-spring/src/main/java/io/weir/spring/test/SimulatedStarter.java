package io.weir.spring.test;

import io.weir.reactive.Peer;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerDiscovery;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.spring.NamedPeers;
import io.weir.spring.WeirServices;
import io.weir.spring.node.ApplicationPeer;
import io.weir.spring.node.DeferredCalls;
import io.weir.spring.node.NodeStarter;
import io.weir.test.TestNodes;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Starts the application's node beside another one, on a simulated network. Of the test's thread. */
final class SimulatedStarter implements NodeStarter, NamedPeers, WeirServices, AutoCloseable {

    static final String APPLICATION = "application";
    static final String PEER = "peer";

    private final List<TestPeer> declaring;
    private @Nullable TestNodes running;

    SimulatedStarter(List<TestPeer> declaring) {
        this.declaring = declaring;
    }

    @Override
    public PeerNode startNow(UnaryOperator<PeerNodeSpec> declaration) {
        close();
        TestNodes started = TestNodes.spec()
                .node(PEER, this::peer)
                .node(APPLICATION, declaration)
                .start();
        running = started;
        return started.node(APPLICATION);
    }

    private PeerNodeSpec peer(PeerNodeSpec spec) {
        PeerNodeSpec declared = spec;
        for (TestPeer each : declaring) {
            declared = each.declareOn(declared);
        }
        return declared;
    }

    /** @throws IllegalStateException before the start */
    TestNodes nodes() {
        TestNodes nodes = running;
        if (nodes == null) {
            throw new IllegalStateException("the nodes have not started; they do when all beans are there");
        }
        return nodes;
    }

    /** Whatever is configured. */
    @Override
    public Set<String> names() {
        return Set.of(PEER);
    }

    /** All of them, peers and services, are the one that there is. */
    @Override
    public PeerCalls calls(String name) {
        return new DeferredCalls(() -> nodes().session(APPLICATION, PEER));
    }

    /** Each of them is the one peer that there is, which is connected already. */
    @Override
    public PeerDiscovery discovery(String service) {
        return () -> Flux.just(Set.of());
    }

    @Override
    public Peer peer(String name) {
        return new ApplicationPeer(
                () -> nodes().node(PEER).id(),
                () -> nodes().node(APPLICATION).peer(nodes().node(PEER).id()));
    }

    @Override
    public void close() {
        TestNodes nodes = running;
        if (nodes != null) {
            nodes.close();
        }
    }
}
