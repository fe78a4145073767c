package io.weir.spring.node;

import io.weir.core.crypto.CipherProvider;
import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.core.error.CloseReason;
import io.weir.core.identity.PeerId;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ConnectionInfo;
import io.weir.reactive.ConnectionManager;
import io.weir.reactive.FastPathStats;
import io.weir.reactive.NodeStats;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Routes;
import io.weir.reactive.VoteOptions;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The node as the application's beans have it: there from the beginning, where the real one starts with the container's lifecycle and
 * may stop and start again with it. Before the first start {@link #peer} and all that is cold may be asked for, and whatever tells
 * of a running node throws {@link IllegalStateException}.
 */
public final class ApplicationNode implements PeerNode {

    private volatile @Nullable PeerNode running;

    /** From now on it is this one. */
    void become(PeerNode node) {
        running = Objects.requireNonNull(node, "node");
    }

    /** Whether it was ever started, and is not closed. */
    public boolean isRunning() {
        PeerNode node = running;
        return node != null && !node.isDisposed();
    }

    private PeerNode node() {
        PeerNode node = running;
        if (node == null) {
            throw new IllegalStateException(
                    "the node of the application has not started: it does when all beans are there, before"
                            + " the web server does; use it from an ApplicationRunner, or by what is subscribed to later");
        }
        return node;
    }

    @Override
    public PeerId id() {
        return node().id();
    }

    @Override
    public List<PeerAddress> addresses() {
        return node().addresses();
    }

    @Override
    public int port() {
        return node().port();
    }

    @Override
    public CipherProvider cipherProvider() {
        return node().cipherProvider();
    }

    @Override
    public Flux<PeerEvent> events() {
        return Flux.defer(() -> node().events());
    }

    @Override
    public Flux<PeerSession> sessions() {
        return Flux.defer(() -> node().sessions());
    }

    @Override
    public List<PeerSession> liveSessions() {
        return node().liveSessions();
    }

    @Override
    public List<ConnectionInfo> connections() {
        return node().connections();
    }

    @Override
    public Optional<ConnectionInfo> connection(PeerAddress address) {
        return node().connection(address);
    }

    @Override
    public Optional<ConnectionInfo> connection(SocketAddress address) {
        return node().connection(address);
    }

    @Override
    public Mono<PeerSession> connect(PeerAddress address) {
        return Mono.defer(() -> node().connect(address));
    }

    @Override
    public PeerSession connectNow(PeerAddress address, Duration timeout) {
        return node().connectNow(address, timeout);
    }

    @Override
    public ConnectionManager peers() {
        return node().peers();
    }

    @Override
    public Peer peer(PeerId id) {
        Objects.requireNonNull(id, "id");
        return new ApplicationPeer(() -> id, () -> node().peer(id));
    }

    @Override
    public Routes routes() {
        return node().routes();
    }

    @Override
    public long reservedBytes() {
        return node().reservedBytes();
    }

    @Override
    public long unsentBytes() {
        return node().unsentBytes();
    }

    @Override
    public Map<Drop, Long> droppedDatagrams() {
        return node().droppedDatagrams();
    }

    @Override
    public DatagramCounts datagramCounts() {
        return node().datagramCounts();
    }

    @Override
    public FastPathStats fastPath() {
        return node().fastPath();
    }

    @Override
    public NodeStats stats() {
        return node().stats();
    }

    @Override
    public Flux<NodeStats> stats(Duration interval) {
        return Flux.defer(() -> node().stats(interval));
    }

    @Override
    public Mono<Vote> vote(PeerAddress address, RootSet roots, VoteOptions options) {
        return Mono.defer(() -> node().vote(address, roots, options));
    }

    @Override
    public Mono<Void> shutdown(Duration deadline) {
        return Mono.defer(() -> node().shutdown(deadline));
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> node().close());
    }

    /** Closes what runs, if anything does. */
    @Override
    public void dispose() {
        PeerNode node = running;
        if (node != null) {
            node.dispose();
        }
    }

    @Override
    public boolean isDisposed() {
        PeerNode node = running;
        return node != null && node.isDisposed();
    }

    @Override
    public Mono<CloseReason> onClose() {
        return Mono.defer(() -> node().onClose());
    }

    @Override
    public String toString() {
        PeerNode node = running;
        return node == null ? "node that has not started" : node.toString();
    }
}
