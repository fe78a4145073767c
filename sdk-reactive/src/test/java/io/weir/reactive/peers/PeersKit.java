package io.weir.reactive.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.node.NodeSpec;
import io.weir.reactive.node.TrackedTime;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Nodes in memory and in virtual time that keep each other connected. {@link #close} proves that nothing is left. */
final class PeersKit implements AutoCloseable {

    final TrackedTime time = new TrackedTime();
    final MemoryNetwork network = MemoryNetwork.on(time);
    final List<PeerEvent> events = new ArrayList<>();
    private final Map<String, Identity> identities = new HashMap<>();
    private final List<PeerNode> nodes = new ArrayList<>();
    private final Random random = new Random(1);

    Identity identity(String name) {
        return identities.computeIfAbsent(name, n -> Identity.generate(bytes()));
    }

    private RandomBytes bytes() {
        return random::nextBytes;
    }

    /** A node that keeps peers and listens nowhere. */
    PeerNode keeper() {
        return start("keeper", spec -> spec.onEvent(events::add));
    }

    /** A node that listens at the address of its name. */
    PeerNode server(String name) {
        return start(name, spec -> spec.listen(at(name)));
    }

    PeerNode start(String name, UnaryOperator<PeerNodeSpec> spec) {
        List<PeerNode> started = new ArrayList<>();
        spec.apply(NodeSpec.defaults()
                        .predictable(bytes())
                        .identity(identity(name))
                        .transport(network.transport(name))
                        .scheduler(time))
                .start()
                .subscribe(started::add);
        time.settle();
        nodes.addAll(started);
        return started.get(0);
    }

    static PeerAddress at(String name) {
        return PeerAddress.memory(name);
    }

    void settle() {
        time.settle();
    }

    void advance(Duration duration) {
        time.advance(duration);
    }

    Instant now() {
        return Instant.ofEpochSecond(0, time.now(TimeUnit.NANOSECONDS));
    }

    /** Everything that this peer has come to since, by the names of its states; steps on the way to a session left out. */
    static List<String> log(ManagedPeer peer) {
        List<String> log = new ArrayList<>();
        peer.states()
                .subscribe(
                        state -> log.add(state.getClass().getSimpleName()),
                        e -> log.add("error"),
                        () -> log.add("end"));
        return log;
    }

    static PeerSession session(ManagedPeer peer) {
        assertThat(peer.state()).isInstanceOf(PeerState.Ready.class);
        return ((PeerState.Ready) peer.state()).session();
    }

    <E extends PeerEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).collect(Collectors.toList());
    }

    @Override
    public void close() {
        nodes.forEach(PeerNode::dispose);
        time.advance(Duration.ofSeconds(2));
        assertThat(nodes).allMatch(PeerNode::isDisposed);
        assertThat(nodes).allSatisfy(node -> assertThat(node.peers().list()).isEmpty());
        assertThat(time.timers()).as("timers left").isZero();
        assertThat(network.links()).as("links left").isZero();
        time.dispose();
    }
}
