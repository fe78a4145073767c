package io.weir.test.rogue;

import static io.weir.test.rogue.Victim.LINGER;
import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.handshake.Reject;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.EventLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Each limit on what peers may have at once: beyond it there is a typed refusal on both sides, and whoever was there
 * before goes on ({@link Victim}).
 */
class LimitsTest {

    private static final String CROWD = "crowd";
    private static final NodeLimits TWO_FOR_EACH = NodeLimits.defaults().withMaxSessionsPerAddress(2);

    // ---- connections from one address

    @Test
    void refusesConnectionsAboveTheLimitOfTheirAddressBeforeAnyCryptography() {
        try (Victim victim = Victim.start(TWO_FOR_EACH);
                RoguePeer first = victim.rogue(CROWD).session();
                RoguePeer second = victim.rogue(CROWD);
                RoguePeer third = victim.rogue(CROWD)) {
            assertThat(third.awaitClosed())
                    .as("all that the third hears")
                    .isEqualTo(
                            Reject.of(ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS).encode());
            assertThat(victim.log.soFar(PeerEvent.InboundRefused.class))
                    .singleElement()
                    .satisfies(e -> {
                        assertThat(e.remoteAddress()).hasToString("memory://crowd");
                        assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS));
                        assertThat(e.reason().retryable()).isTrue();
                    });
            assertAlive(first);
            assertAlive(second.session());
            first.fin();
            second.fin();
        }
    }

    @Test
    void takesConnectionsFromElsewhereMeanwhile() {
        try (Victim victim = Victim.start(TWO_FOR_EACH);
                RoguePeer first = victim.rogue(CROWD).session();
                RoguePeer second = victim.rogue(CROWD).session();
                RoguePeer elsewhere = victim.rogue("elsewhere").session()) {
            assertAlive(elsewhere);
            assertThat(victim.log.soFar(PeerEvent.InboundRefused.class)).isEmpty();
            first.fin();
            second.fin();
            elsewhere.fin();
        }
    }

    @Test
    void tellsAnHonestDiallerThatItsAddressHasTooMany() {
        try (Victim victim = Victim.start(TWO_FOR_EACH)) {
            PeerNode first = victim.other(Identity.generate(), CROWD);
            PeerSession held = victim.connected(first, Victim.FOR_ROGUES);
            victim.connected(victim.other(Identity.generate(), CROWD), Victim.FOR_ROGUES);
            PeerNode third = victim.other(Identity.generate(), CROWD);
            List<Throwable> failures = new ArrayList<>();
            third.connect(PeerAddress.memory(Victim.FOR_ROGUES)).subscribe(s -> {}, failures::add);
            victim.settle();
            assertThat(failures)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            ConnectException.class,
                            e -> assertThat(e.reason())
                                    .isEqualTo(CloseReason.unproven(ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS.number())));
            held.dispose();
            victim.settle();
            victim.connected(third, Victim.FOR_ROGUES);
        }
    }

    @Test
    void countsAHandshakeFromItsFirstByteUntilItsConnectionIsClosed() {
        try (Victim victim = Victim.start(TWO_FOR_EACH)) {
            for (int round = 0; round < 10; round++) {
                try (RoguePeer first = victim.rogue(CROWD);
                        RoguePeer second = victim.rogue(CROWD)) {
                    first.write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    second.handshake().fin();
                    victim.advance(LINGER);
                }
            }
            assertThat(victim.log.soFar(PeerEvent.InboundRefused.class))
                    .hasSize(20)
                    .noneMatch(e -> e.reason().error() == ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS);
            try (RoguePeer again = victim.rogue(CROWD).session()) {
                assertAlive(again);
                again.fin();
            }
        }
    }

    // ---- connections a second

    @Test
    void refusesConnectionsThatComeFasterThanTheirAddressMay() {
        NodeLimits limits = NodeLimits.defaults().withMaxConnectsPerSecond(2);
        try (Victim victim = Victim.start(limits);
                RoguePeer first = victim.rogue(CROWD).session();
                RoguePeer second = victim.rogue(CROWD).session();
                RoguePeer third = victim.rogue(CROWD);
                RoguePeer elsewhere = victim.rogue("elsewhere").session()) {
            assertThat(third.awaitClosed())
                    .as("all that the third hears")
                    .isEqualTo(Reject.of(ErrorCode.TOO_MANY_CONNECTS).encode());
            assertThat(victim.node.stats().refusedConnections())
                    .containsExactly(Map.entry(ErrorCode.TOO_MANY_CONNECTS, 1L));
            assertAlive(elsewhere);

            victim.advance(Duration.ofMillis(500));
            try (RoguePeer later = victim.rogue(CROWD).session();
                    RoguePeer again = victim.rogue(CROWD)) {
                assertAlive(later);
                assertThat(again.awaitClosed())
                        .isEqualTo(Reject.of(ErrorCode.TOO_MANY_CONNECTS).encode());
                later.fin();
            }
            assertAlive(first);
            first.fin();
            second.fin();
            elsewhere.fin();
        }
    }

    @Test
    void refusesAFloodFromOneAddressAndServesTheOthers() {
        NodeLimits limits = NodeLimits.defaults().withMaxConnectsPerSecond(20).withMaxSessionsPerAddress(10);
        try (Victim victim = Victim.start(limits)) {
            int flood = 1_000;
            List<RoguePeer> crowd = new ArrayList<>();
            for (int i = 0; i < flood; i++) {
                RoguePeer rogue = victim.rogue(CROWD);
                crowd.add(rogue);
                if (i % 50 == 49) {
                    crowd.forEach(RoguePeer::close);
                    crowd.clear();
                    victim.advance(Duration.ofMillis(10));
                    victim.assertGoesOn();
                }
            }
            NodeStats stats = victim.node.stats();
            long refused = stats.refusedConnections().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(refused).as("all but the friend's").isEqualTo(stats.accepted() - 1);
            assertThat(stats.refusedConnections().get(ErrorCode.LINK_LOST))
                    .as("handshakes that were begun in those 200 ms")
                    .isBetween(20L, 25L);
            try (RoguePeer elsewhere = victim.rogue("elsewhere").session()) {
                assertAlive(elsewhere);
                elsewhere.fin();
            }
        }
    }

    @Test
    void keepsNobodyOutWhoseTurnLiesInATimeThatTheClockHasLeft() {
        NodeLimits limits = NodeLimits.defaults().withMaxConnectsPerSecond(2);
        Duration back = Duration.ofSeconds(5);
        try (Victim victim = Victim.start(limits);
                RoguePeer first = victim.rogue(CROWD).session();
                RoguePeer second = victim.rogue(CROWD).session()) {
            victim.network.setClock(Victim.HOST, back.negated());
            try (RoguePeer third = victim.rogue(CROWD).session();
                    RoguePeer fourth = victim.rogue(CROWD).session();
                    RoguePeer fifth = victim.rogue(CROWD)) {
                assertAlive(third);
                assertAlive(fourth);
                assertThat(fifth.awaitClosed())
                        .isEqualTo(Reject.of(ErrorCode.TOO_MANY_CONNECTS).encode());
                third.fin();
                fourth.fin();
            }
            victim.network.setClock(Victim.HOST, back);
            first.fin();
            second.fin();
        }
    }

    /** Over TCP the address is the IP address: ports do not matter, and the two families differ. */
    @Test
    void countsByIpAddressOnTcp() throws IOException {
        NodeLimits limits = NodeLimits.defaults().withMaxSessionsPerAddress(3);
        PeerNode node =
                Weir.node().listen(PeerAddress.tcp("::", 0)).limits(limits).startNow(TcpVictim.PATIENCE);
        EventLog log = new EventLog(node);
        int port = node.addresses().get(0).port();
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                open.add(new Socket(InetAddress.getByName("127.0.0.1"), port));
            }
            log.refused(ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS);
            for (int i = 0; i < 4; i++) {
                open.add(new Socket(InetAddress.getByName("::1"), port));
            }
            log.refused(2, ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS);
            assertThat(log.soFar(PeerEvent.InboundRefused.class))
                    .extracting(e -> ((InetSocketAddress) e.remoteAddress()).getAddress())
                    .containsExactly(InetAddress.getByName("127.0.0.1"), InetAddress.getByName("::1"));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
            node.dispose();
        }
    }

    // ---- handshakes

    @Test
    void refusesHandshakesAboveTheLimitUntilOneHasEnded() {
        NodeLimits limits = NodeLimits.defaults().withMaxHandshakes(1);
        try (Victim victim = Victim.start(limits);
                RoguePeer first = victim.rogue();
                RoguePeer second = victim.rogue()) {
            assertThat(second.awaitClosed())
                    .isEqualTo(Reject.of(ErrorCode.TOO_MANY_HANDSHAKES).encode());
            assertThat(victim.log.refused(ErrorCode.TOO_MANY_HANDSHAKES))
                    .isEqualTo(CloseReason.local(ErrorCode.TOO_MANY_HANDSHAKES));
            assertAlive(first.session());
            try (RoguePeer third = victim.rogue().session()) {
                assertAlive(third);
                third.fin();
            }
            first.fin();
        }
    }

    /** A slowloris: it says a byte now and then, so that it is never silent. */
    @Test
    void givesAHandshakeThatComesAByteAtATimeNoMoreTimeThanAnother() {
        NodeLimits limits = NodeLimits.defaults();
        byte[] opening = RoguePeer.opening();
        try (Victim victim = Victim.start(limits)) {
            List<RoguePeer> slow = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                slow.add(victim.rogue());
            }
            assertThat(victim.node.stats().handshakes()).containsExactly(Map.entry(HandshakeStage.READING_HEADER, 20L));
            for (int second = 0; second < 9; second++) {
                for (RoguePeer rogue : slow) {
                    rogue.write(Arrays.copyOfRange(opening, 2 * second, 2 * second + 2));
                }
                victim.advance(Duration.ofSeconds(1));
                victim.assertGoesOn();
            }
            assertThat(victim.node.stats().handshakes())
                    .as("the length of the first message has come")
                    .containsExactly(Map.entry(HandshakeStage.READING_BODY, 20L));

            victim.advance(limits.handshakeTimeout().minusSeconds(9).plus(LINGER));
            assertThat(victim.node.stats().handshakes()).isEmpty();
            assertThat(victim.node.stats().refusedConnections())
                    .containsExactly(Map.entry(ErrorCode.HANDSHAKE_TIMEOUT, 20L));
            slow.forEach(RoguePeer::close);
        }
    }

    // ---- streams

    @Test
    void letsAnOpenAboveTheLimitOfStreamsWaitForAPlace() {
        NodeLimits limits = NodeLimits.defaults().withMaxStreams(2);
        try (Victim victim = Victim.start(limits)) {
            PeerSession session = victim.connected(victim.other(Identity.generate()), Victim.FOR_ROGUES);
            PeerStream first = stream(session, 1, "stall");
            PeerStream second = stream(session, 2, "stall");
            first.send(Flux.never(), Codec.utf8()).subscribe();
            second.send(Flux.never(), Codec.utf8()).subscribe();
            List<String> echoes = new ArrayList<>();
            PeerStream third = stream(session, 3, "echo");
            third.receive(Codec.utf8()).subscribe(echoes::add);
            third.send(Mono.just("at last"), Codec.utf8()).subscribe();
            victim.settle();
            assertThat(echoes).isEmpty();
            first.dispose();
            victim.settle();
            assertThat(echoes).containsExactly("at last");
        }
    }

    @Test
    void endsASessionWhosePeerOpensStreamsAboveTheLimit() {
        NodeLimits limits = NodeLimits.defaults().withMaxStreams(2);
        try (Victim victim = Victim.start(limits);
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"), RogueFrames.open(4, "stall"));
            assertAlive(rogue);
            rogue.send(RogueFrames.open(5, "stall"));
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.STREAM_LIMIT);
            victim.advance(LINGER);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.STREAM_LIMIT));
        }
    }

    // ---- how

    private static PeerStream stream(PeerSession session, long id, String name) {
        return session.openStream(new StreamId(id), StreamOpen.named(name), StreamConfig.reliable());
    }
}
