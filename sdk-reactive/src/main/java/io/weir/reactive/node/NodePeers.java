package io.weir.reactive.node;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.DialStage;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerSession;
import io.weir.reactive.peers.PeersHost;
import io.weir.reactive.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What the node is for those who keep its peers. */
final class NodePeers implements PeersHost {

    /** The bits of a fraction: all that a double has. */
    private static final int FRACTION_BITS = 53;

    private final Node node;
    private final NodeSpec spec;
    private final RandomBytes random;
    private final EventHub events;

    NodePeers(Node node, NodeSpec spec, RandomBytes random, EventHub events) {
        this.node = node;
        this.spec = spec;
        this.random = random;
        this.events = events;
    }

    @Override
    public PeerId id() {
        return node.id();
    }

    @Override
    public List<PeerAddress> addresses() {
        return node.addresses();
    }

    @Override
    public ConnectionPolicy policy() {
        return spec.connectionPolicy();
    }

    @Override
    public int maxParallelDials() {
        return spec.nodeLimits().maxParallelDials();
    }

    @Override
    public int maxPeers() {
        return spec.nodeLimits().maxSessions();
    }

    @Override
    public Duration sessionWait() {
        return spec.nodeLimits().sessionWait();
    }

    @Override
    public Duration requestTimeout() {
        return spec.nodeLimits().requestTimeout();
    }

    @Override
    public int maxWaiting() {
        return spec.nodeLimits().maxRequestsOutstanding();
    }

    @Override
    public Mono<PeerSession> connect(PeerAddress address, Consumer<? super DialStage> stages) {
        return node.connect(address, stages);
    }

    @Override
    public @Nullable PeerSession live(PeerId peer) {
        return node.liveSession(peer);
    }

    @Override
    public Duration checkedDeadline(Duration deadline) {
        return Session.checkedDeadline(deadline);
    }

    @Override
    public double random() {
        return fraction(random);
    }

    /** Evenly distributed, from 0 to less than 1. */
    static double fraction(RandomBytes random) {
        return (random.nextLong() >>> Long.SIZE - FRACTION_BITS) * 0x1p-53;
    }

    @Override
    public void publish(PeerEvent event) {
        events.publish(event);
    }
}
