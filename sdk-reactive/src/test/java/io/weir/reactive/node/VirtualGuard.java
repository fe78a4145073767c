package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A {@link GuardedNode} in memory and in virtual time. {@link #close} also proves that, once everything is closed, no
 * link and no timer is left.
 */
final class VirtualGuard implements AutoCloseable {

    static final String FOR_FRIENDS = "friends";
    static final String FOR_ROGUES = "rogues";

    final TrackedTime time = new TrackedTime();
    final MemoryNetwork network = MemoryNetwork.on(time);
    final PeerNode node;
    final EventLog log;
    private final List<PeerNode> others = new ArrayList<>();
    private final PeerSession friendly;
    private final Sinks.Many<String> words = Sinks.many().unicast().onBackpressureBuffer();
    private final List<String> echoes = new ArrayList<>();
    private int said;

    private VirtualGuard(UnaryOperator<PeerNodeSpec> spec) {
        node = started(spec.apply(GuardedNode.serving(Weir.node()))
                .listen(PeerAddress.memory(FOR_FRIENDS))
                .listen(PeerAddress.memory(FOR_ROGUES)));
        log = new EventLog(node, Duration.ofSeconds(1));
        friendly = connected(other(GuardedNode.FRIEND), FOR_FRIENDS);
        PeerStream echo = friendly.openStream("echo", StreamConfig.reliable());
        echo.receive(Codec.utf8()).subscribe(echoes::add);
        echo.send(words.asFlux(), Codec.utf8()).subscribe();
        assertGoesOn();
    }

    static VirtualGuard start() {
        return start(spec -> spec);
    }

    static VirtualGuard start(UnaryOperator<PeerNodeSpec> spec) {
        return new VirtualGuard(spec);
    }

    /** A peer, connected and silent. */
    RoguePeer rogue() {
        return RoguePeer.dial(network, time, FOR_ROGUES);
    }

    /** A peer, connected from that source address and silent. */
    RoguePeer rogue(String source) {
        return RoguePeer.dial(network, time, FOR_ROGUES, source);
    }

    /** An honest node on the same network, which ends with this. */
    PeerNode other(Identity identity) {
        return other(Weir.node().identity(identity), network.transport());
    }

    /** The same, with its dials from that source address. */
    PeerNode other(Identity identity, String source) {
        return other(Weir.node().identity(identity), network.transport(source));
    }

    private PeerNode other(PeerNodeSpec spec, Transport transport) {
        PeerNode other = started(spec, transport);
        others.add(other);
        return other;
    }

    PeerSession connected(PeerNode from, String name) {
        AtomicReference<PeerSession> session = new AtomicReference<>();
        from.connect(PeerAddress.memory(name)).subscribe(session::set);
        time.settle();
        return Objects.requireNonNull(session.get(), "no session");
    }

    PeerNode started(PeerNodeSpec spec) {
        return started(spec, network.transport());
    }

    private PeerNode started(PeerNodeSpec spec, Transport transport) {
        AtomicReference<PeerNode> started = new AtomicReference<>();
        spec.transport(transport).start().subscribe(started::set);
        time.settle();
        return Objects.requireNonNull(started.get(), "not started");
    }

    /** The friend's session is the one it always was, and still exchanges. */
    void assertGoesOn() {
        String word = "word " + ++said;
        words.tryEmitNext(word);
        time.settle();
        assertThat(echoes).last().isEqualTo(word);
        assertThat(friendly.state()).isEqualTo(SessionState.READY);
    }

    /** A newcomer gets a session, and a stream in it. */
    void assertAcceptsSessions() {
        List<String> heard = new ArrayList<>();
        PeerStream echo =
                connected(other(GuardedNode.NEWCOMER), FOR_FRIENDS).openStream("echo", StreamConfig.reliable());
        echo.receive(Codec.utf8()).subscribe(heard::add);
        echo.send(Mono.just("hello"), Codec.utf8()).subscribe();
        time.settle();
        assertThat(heard).containsExactly("hello");
    }

    @Override
    public void close() {
        try {
            assertGoesOn();
            assertAcceptsSessions();
        } finally {
            others.forEach(PeerNode::dispose);
            node.dispose();
        }
        time.advance(Duration.ofSeconds(2));
        assertThat(time.timers()).as("timers left").isZero();
        assertThat(network.links()).as("links left").isZero();
        time.dispose();
    }
}
