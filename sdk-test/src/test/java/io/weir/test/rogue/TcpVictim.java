package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.EventLog;
import io.weir.reactive.node.ServedStreams;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A node on real TCP, or on another transport of sockets, that is about to be mistreated, and a friend whose session was there before: the friend's stream must
 * go on, on the same session, and the node must take new sessions afterwards. {@link #close} proves both. It serves the {@link ServedStreams}.
 */
final class TcpVictim implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    static final Identity FRIEND = Identity.generate();
    static final Identity NEWCOMER = Identity.generate();

    /** The peers that must always be able to have a session. */
    static final List<PeerId> FRIENDS = List.of(FRIEND.peerId(), NEWCOMER.peerId());

    private static final PeerAddress ANYWHERE = PeerAddress.tcp("127.0.0.1", 0);

    final PeerNode node;
    final EventLog log;
    private final PeerNode friend;
    private final PeerSession friendly;
    private final Sinks.Many<String> words = Sinks.many().unicast().onBackpressureBuffer();
    private final Flux<String> echoes;
    private int said;

    private TcpVictim(PeerAddress place, PeerNodeSpec spec) {
        Sinks.Many<PeerEvent> told = Sinks.many().unicast().onBackpressureBuffer();
        PeerNodeSpec listening = spec.listen(place).onEvent(told::tryEmitNext);
        node = ServedStreams.on(listening).startNow(PATIENCE);
        log = new EventLog(told.asFlux(), PATIENCE);
        friend = Weir.node().identity(FRIEND).startNow(PATIENCE);
        friendly = friend.connectNow(address(), PATIENCE);
        PeerStream echo = friendly.openStream("echo", StreamConfig.reliable());
        echoes = echo.receive(Codec.utf8()).replay().autoConnect(0);
        echo.send(words.asFlux(), Codec.utf8()).subscribe();
        assertGoesOn();
    }

    static TcpVictim start() {
        return start(spec -> spec);
    }

    static TcpVictim start(UnaryOperator<PeerNodeSpec> spec) {
        return new TcpVictim(ANYWHERE, spec.apply(Weir.node().limits(NodeLimits.defaults())));
    }

    /** One that listens there. */
    static TcpVictim at(PeerAddress place) {
        return new TcpVictim(place, Weir.node());
    }

    PeerAddress address() {
        return node.addresses().get(0);
    }

    /** The friend's session is the one it always was, and still exchanges. */
    void assertGoesOn() {
        String word = "word " + ++said;
        words.tryEmitNext(word);
        assertThat(echoes.filter(word::equals).blockFirst(PATIENCE)).isEqualTo(word);
        assertThat(friendly.state()).isEqualTo(SessionState.READY);
    }

    private void assertAcceptsSessions() {
        PeerNode newcomer = Weir.node().identity(NEWCOMER).startNow(PATIENCE);
        try {
            PeerStream echo = newcomer.connectNow(address(), PATIENCE).openStream("echo", StreamConfig.reliable());
            echo.send(Mono.just("hello"), Codec.utf8()).subscribe();
            assertThat(echo.receive(Codec.utf8()).blockFirst(PATIENCE)).isEqualTo("hello");
        } finally {
            newcomer.dispose();
        }
    }

    @Override
    public void close() {
        try {
            assertGoesOn();
            assertAcceptsSessions();
        } finally {
            friend.dispose();
            node.dispose();
        }
    }
}
