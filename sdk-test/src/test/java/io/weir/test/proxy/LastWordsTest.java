package io.weir.test.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a session has accepted before it was drained comes, and END behind it, though the path takes long and loses much: whoever has said END
 * waits for the peer as long as it takes to say it again a few times there.
 */
@Tag("once")
@Timeout(120)
class LastWordsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MESSAGES = 5;
    private static final LinkProfile FAR = LinkProfile.PERFECT.withLatency(Duration.ofMillis(200));
    private static final LinkProfile FAR_AND_LOSSY = FAR.withLoss(0.15);
    private static final LinkProfile NARROW =
            LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)).withBytesPerSecond(50_000);

    private final Set<String> heard = ConcurrentHashMap.newKeySet();
    private final Queue<PeerEvent> told = new ConcurrentLinkedQueue<>();

    private PeerNode server;
    private UdpImpairment path;
    private List<PeerNode> clients = List.of();
    private List<PeerSession> sessions = List.of();

    @AfterEach
    void close() {
        clients.forEach(PeerNode::dispose);
        server.dispose();
        path.close();
    }

    /** Sessions that know what the path is like. */
    private void connect(String scheme, int count, LinkProfile profile) {
        server = Weir.node()
                .listen(PeerAddress.parse(scheme + "://127.0.0.1:0"))
                .onMessage(
                        "log",
                        MessageHandler.typed(
                                Codec.utf8(), (message, text) -> Mono.fromRunnable(() -> heard.add(text.strip()))))
                .onEvent(told::add)
                .startNow(PATIENCE);
        path = UdpImpairment.startNow(server.addresses().get(0), 7);
        path.profile(profile);
        clients = Stream.generate(() -> Weir.node().startNow(PATIENCE))
                .limit(count)
                .toList();
        sessions = clients.stream()
                .map(one -> one.connectNow(path.address(), PATIENCE))
                .toList();
        Flux.fromIterable(sessions).flatMap(session -> session.ping().repeat(2)).blockLast(PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {PeerAddress.UDP, PeerAddress.QUIC})
    void comeOverAPathThatTakesLongAndLosesMuch(String scheme) {
        connect(scheme, 12, FAR);
        path.profile(FAR_AND_LOSSY);

        sayAndDrain("");

        assertAllHeard();
    }

    /** What waits for the path when END is said takes longer than anybody waits for the peer behind END. */
    @ParameterizedTest
    @ValueSource(strings = {PeerAddress.UDP, PeerAddress.QUIC})
    void comeOverAPathThatIsNarrow(String scheme) {
        connect(scheme, 1, NARROW);

        sayAndDrain(" ".repeat(20_000));

        assertAllHeard();
    }

    private void sayAndDrain(String padding) {
        Flux.range(0, sessions.size())
                .flatMap(number -> saidAndDrained(sessions.get(number), number, padding))
                .blockLast(PATIENCE);
    }

    private static Mono<Void> saidAndDrained(PeerSession session, int number, String padding) {
        return Flux.range(0, MESSAGES)
                .concatMap(i -> session.send("log", number + " " + i + padding, Codec.utf8()))
                .then(session.drain(PATIENCE));
    }

    private void assertAllHeard() {
        while (ends().size() < sessions.size()) {
            Thread.yield();
        }
        assertThat(ends())
                .allSatisfy(end -> assertThat(end)
                        .isInstanceOfSatisfying(
                                ConnectionClosed.class,
                                closed -> assertThat(closed.reason().error()).isEqualTo(ErrorCode.NONE)));
        assertThat(heard).hasSize(sessions.size() * MESSAGES);
    }

    private List<PeerEvent> ends() {
        return told.stream()
                .filter(event -> event instanceof ConnectionClosed || event instanceof ConnectionLost)
                .toList();
    }
}
