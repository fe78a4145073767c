package io.weir.spring.node;

import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerState;
import io.weir.reactive.WantedPeer;
import io.weir.spring.NamedPeers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The peers of {@code weir.peers}: kept connected from the node's start on, and called by their names. As many as are configured. */
public final class ConfiguredPeers implements NamedPeers {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredPeers.class);

    private final Map<String, Configured> peers;
    private volatile Map<String, Supplier<ManagedPeer>> kept = Map.of();
    private volatile @Nullable PeerNode node;

    /**
     * One of them.
     *
     * @param wanted who it is, where and how
     * @param required whether the application is not healthy without it
     */
    public record Configured(WantedPeer wanted, boolean required) {}

    /** @param peers by name, in the order in which they are to be dialled */
    public ConfiguredPeers(Map<String, Configured> peers) {
        this.peers = Collections.unmodifiableMap(new LinkedHashMap<>(peers));
    }

    /** Wants all of them at a node that has just started. One that is this node itself is left out: the nodes may share a list. */
    void wantAt(PeerNode started) {
        Map<String, Supplier<ManagedPeer>> now = new LinkedHashMap<>();
        peers.forEach((name, peer) -> now.put(name, want(started, name, peer.wanted())));
        kept = now;
        node = started;
    }

    private static Supplier<ManagedPeer> want(PeerNode node, String name, WantedPeer wanted) {
        try {
            ManagedPeer managed = node.peers().add(wanted);
            return () -> managed;
        } catch (ConnectException e) {
            if (e.reason().error() != ErrorCode.SELF_CONNECT) {
                throw e;
            }
            LOG.info("weir.peers.{} is this node itself, which needs no connection", name);
            return () -> {
                throw e;
            };
        }
    }

    @Override
    public Set<String> names() {
        return peers.keySet();
    }

    @Override
    public PeerCalls calls(String name) {
        configured(name);
        return new DeferredCalls(() -> managed(name));
    }

    @Override
    public Peer peer(String name) {
        PeerId id = configured(name).wanted().id();
        if (id == null) {
            throw new IllegalArgumentException("who weir.peers." + name + " is has not been said; set weir.peers."
                    + name + ".id, or write its addresses as tcp://host:port#<peer id>");
        }
        return new ApplicationPeer(() -> id, () -> running(name).peer(id));
    }

    private Configured configured(String name) {
        Configured peer = peers.get(name);
        if (peer == null) {
            throw new IllegalArgumentException("there is no weir.peers." + name + "; there are " + peers.keySet());
        }
        return peer;
    }

    private PeerNode running(String name) {
        PeerNode running = node;
        if (running == null) {
            throw notStarted(name);
        }
        return running;
    }

    private static IllegalStateException notStarted(String name) {
        return new IllegalStateException("the node of the application has not started, so weir.peers." + name
                + " cannot be asked; it can when what a call gives is subscribed to later");
    }

    private ManagedPeer managed(String name) {
        Supplier<ManagedPeer> peer = kept.get(name);
        if (peer == null) {
            throw notStarted(name);
        }
        return peer.get();
    }

    /** Names of the peers without a session that the application is not healthy without. */
    public Set<String> missing() {
        Set<String> missing = new LinkedHashSet<>();
        peers.forEach((name, peer) -> {
            if (peer.required() && !(state(name).orElse(null) instanceof PeerState.Ready)) {
                missing.add(name);
            }
        });
        return missing;
    }

    /** Where the peer of that name is at; empty if it is not kept, being this node itself, or before the start. */
    public Optional<PeerState> state(String name) {
        Supplier<ManagedPeer> peer = kept.get(name);
        try {
            return peer == null ? Optional.empty() : Optional.of(peer.get().state());
        } catch (ConnectException itself) {
            return Optional.empty();
        }
    }
}
