package io.weir.spring.actuate;

import io.weir.spring.node.ApplicationNode;
import io.weir.spring.node.ConfiguredPeers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.health.contributor.AbstractReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import reactor.core.publisher.Mono;

/** Up while the node runs and has a session with each peer that is required; tells where every configured peer is at. */
public final class NodeHealthIndicator extends AbstractReactiveHealthIndicator {

    private final ApplicationNode node;
    private final ConfiguredPeers peers;

    /** Of that node. */
    public NodeHealthIndicator(ApplicationNode node, ConfiguredPeers peers) {
        this.node = node;
        this.peers = peers;
    }

    @Override
    protected Mono<Health> doHealthCheck(Health.Builder builder) {
        return Mono.fromSupplier(() -> node.isRunning() ? running(builder) : stopped(builder));
    }

    private static Health stopped(Health.Builder builder) {
        return builder.outOfService().withDetail("node", "does not run").build();
    }

    private Health running(Health.Builder builder) {
        Set<String> missing = peers.missing();
        Map<String, String> states = new LinkedHashMap<>();
        peers.names().forEach(name -> states.put(name, word(name)));
        Health.Builder told = (missing.isEmpty() ? builder.up() : builder.down().withDetail("missing", missing))
                .withDetail("id", node.id().toString())
                .withDetail("sessions", node.liveSessions().size());
        return states.isEmpty()
                ? told.build()
                : told.withDetail("peers", states).build();
    }

    private String word(String name) {
        return peers.state(name).map(PeerStates::word).orElse("this node");
    }
}
