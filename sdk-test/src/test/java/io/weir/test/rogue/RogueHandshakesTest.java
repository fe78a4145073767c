package io.weir.test.rogue;

import static io.weir.test.rogue.RogueDatagrams.LONGEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.node.Heap;
import io.weir.test.network.SimulatedNetwork;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagrams that anybody can send to a node, before there is a session, or beside all sessions. */
class RogueHandshakesTest {

    private static final int THRESHOLD = 64;
    private static final Duration HALF_OPEN = Duration.ofSeconds(10);

    private final Random random = new Random(20_261_130);

    @Test
    void dropsDatagramsOfEveryLengthFromZero() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue()) {
            long before = victim.dropped();
            for (DatagramType type : DatagramType.values()) {
                for (int length = 0; length < RogueDatagrams.INIT_LENGTH; length++) {
                    rogue.send(garbage(type, length));
                }
            }
            int sent = DatagramType.values().length * RogueDatagrams.INIT_LENGTH;
            assertThat(victim.dropped() - before).isEqualTo(sent);
            assertThat(rogue.bytesHeard()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(DatagramType.class)
    void dropsTheLongestDatagramThatThereCanBe(DatagramType type) {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue()) {
            byte[] longest = garbage(type, LONGEST);
            longest[1] = 1; // of this version
            longest[2] = 0;
            rogue.send(longest);
            assertThat(victim.dropped()).isEqualTo(1);
            assertThat(rogue.bytesHeard()).isZero();
        }
    }

    @Test
    void dropsWhatIsOfNoType() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue()) {
            for (int first = 0; first < 256; first++) {
                byte[] datagram = new byte[RogueDatagrams.INIT_LENGTH];
                datagram[0] = (byte) first;
                if (DatagramType.of(datagram[0]) == null) {
                    rogue.send(datagram);
                }
            }
            assertThat(victim.dropped(Drop.UNKNOWN_TYPE)).isEqualTo(256 - DatagramType.values().length);
            assertThat(rogue.bytesHeard()).isZero();
        }
    }

    @Test
    void tellsOfPacketsForNobodyTenTimesAndThenOnceASecond() {
        List<Long> told = new ArrayList<>();
        NodeObserver observer = new NodeObserver() {
            @Override
            public void onStrayPackets(String transport, SocketAddress from, long count) {
                told.add(count);
            }
        };
        try (DatagramVictim victim = DatagramVictim.start(spec -> spec.observer(observer));
                RogueDatagramPeer rogue = victim.rogue()) {
            for (int i = 0; i < 10_000; i++) {
                rogue.send(RogueDatagrams.packet(1 + random.nextInt(1 << 30), i, new byte[20]));
            }
            assertThat(told).hasSize(10);
            victim.advance(Duration.ofSeconds(2));
            rogue.send(RogueDatagrams.packet(1, 1, new byte[20]));
            assertThat(told).hasSize(11).last().isEqualTo(9_991L);
            assertThat(victim.dropped(Drop.UNKNOWN_INDEX)).isEqualTo(10_001);
            assertThat(rogue.bytesHeard()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, VERSION_UNSUPPORTED",
        "2, 0, VERSION_UNSUPPORTED",
        "255, 9, VERSION_UNSUPPORTED",
        "1, 2, SUITE_UNSUPPORTED",
        "1, 4, SUITE_UNSUPPORTED",
        "1, 255, SUITE_UNSUPPORTED"
    })
    void refusesAnotherVersionOrSuiteInNineBytes(int version, int suite, ErrorCode code) {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue()) {
            byte[] init = rogue.init();
            rogue.send(RogueDatagrams.initAs(init, version, suite));
            assertThat(rogue.answer(DatagramType.REJECT))
                    .isEqualTo(RogueDatagrams.reject(RogueDatagrams.senderIndex(init), code));
            assertThat(victim.dropped()).isZero();
            assertThat(victim.node.stats().turnedAway()).isEqualTo(new NodeStats.TurnedAway(0, Map.of(code, 1L)));
        }
    }

    @Test
    void keepsPlacesForHonestPeersInAFloodOfFirstMessagesFromFalseAddresses() {
        int flood = 5_000;
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue()) {
            byte[] init = rogue.init();
            flood(rogue, init, 500); // classes, tables, and as many half-open as get in without a cookie
            long before = Heap.used();

            long retries = victim.node.stats().turnedAway().retries();
            flood(rogue, init, flood);

            assertThat(victim.node.stats().turnedAway().retries()).isEqualTo(retries + flood);
            assertThat(Heap.used() - before).as("heap for the flood").isLessThan(1 << 20);
            victim.assertAcceptsSessions();
            victim.assertGoesOn();
            assertThat(halfOpen(rogue))
                    .as("an answer to a first message is a RETRY")
                    .isTrue();
            victim.advance(HALF_OPEN);
            assertThat(halfOpen(rogue))
                    .as("and a RESPONSE when the flood is over")
                    .isFalse();
        }
    }

    private void flood(RogueDatagramPeer rogue, byte[] init, int count) {
        for (int i = 0; i < count; i++) {
            byte[] other = init.clone();
            for (int at = 4; at < 4 + 4 + 1 + 32; at++) {
                other[at] = at == 8 ? 0 : (byte) random.nextInt(256); // index and ephemeral key
            }
            rogue.forge(other, "false-" + random.nextInt(1_000), 1 + random.nextInt(65_535));
        }
    }

    /** Whether the node wants a cookie. */
    private static boolean halfOpen(RogueDatagramPeer rogue) {
        rogue.send(rogue.init());
        byte[] answer = rogue.answers().get(0);
        return RogueDatagrams.type(answer) == DatagramType.RETRY.number();
    }

    @Test
    void sendsAFifthAtTheMostToAnAddressThatIsNotProved() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue()) {
            for (int i = 0; i < 2 * THRESHOLD; i++) {
                byte[] init = rogue.init();
                rogue.send(init);
                rogue.send(init); // the same bytes again
            }
            victim.advance(Duration.ofSeconds(30));
            assertThat(rogue.answers()).as("one for each").hasSize(4 * THRESHOLD);
            assertThat(rogue.bytesHeard() * 5).isLessThan(rogue.bytesSaid());
        }
    }

    @Test
    void takesACookieOnlyFromWhereItWasSentToAndForFifteenSeconds() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer crowd = victim.rogue();
                RogueDatagramPeer rogue = victim.rogue();
                RogueDatagramPeer elsewhere = victim.rogue()) {
            crowd(crowd, THRESHOLD);
            byte[] init = rogue.init();
            rogue.send(init);
            byte[] retried = RogueDatagrams.initWith(init, RogueDatagrams.cookie(rogue.answer(DatagramType.RETRY)));

            elsewhere.send(retried);
            rogue.send(RogueDatagrams.flipped(retried, 8 * 9));
            assertThat(victim.dropped(Drop.COOKIE_REFUSED)).isEqualTo(2);
            assertThat(elsewhere.bytesHeard()).isZero();
            rogue.send(retried);
            assertThat(rogue.answer(DatagramType.RESPONSE)).isNotEmpty();

            victim.advance(Duration.ofSeconds(15));
            crowd(crowd, THRESHOLD);
            rogue.send(retried);
            assertThat(victim.dropped(Drop.COOKIE_REFUSED)).isEqualTo(3);
            assertThat(rogue.answers()).isEmpty();
        }
    }

    /** So many half-open handshakes. */
    private static void crowd(RogueDatagramPeer rogue, int count) {
        for (int i = 0; i < count; i++) {
            rogue.send(rogue.init());
        }
        rogue.answers();
    }

    @Test
    void givesOneSourceOnlyItsShareOfHalfOpenHandshakes() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue()) {
            int refused = 0;
            for (int i = 0; i < 500; i++) {
                byte[] init = rogue.init();
                rogue.send(init);
                byte[] answer = rogue.answers().get(0);
                if (RogueDatagrams.type(answer) == DatagramType.RETRY.number()) {
                    rogue.send(RogueDatagrams.initWith(init, RogueDatagrams.cookie(answer)));
                    answer = rogue.answers().get(0);
                }
                refused += Arrays.equals(
                                answer,
                                RogueDatagrams.reject(RogueDatagrams.senderIndex(init), ErrorCode.TOO_MANY_HANDSHAKES))
                        ? 1
                        : 0;
            }
            assertThat(refused).as("beyond 64 that need no cookie, and 256").isEqualTo(500 - 64 - 256);
            victim.assertAcceptsSessions();
        }
    }

    @Test
    void holdsASessionFastWhoeverReplaysItsHandshake() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue();
                RogueDatagramPeer elsewhere = victim.rogue()) {
            byte[] init = rogue.init();
            rogue.send(init);
            byte[] finish = rogue.reply();
            rogue.send(finish);
            rogue.send(Hello.defaults());
            rogue.await(Hello.class);
            int ready = victim.log.soFar(PeerEvent.ConnectionReady.class).size();

            for (int i = 0; i < 20; i++) {
                rogue.send(init);
                rogue.send(finish);
                elsewhere.send(init);
                elsewhere.send(finish);
                victim.advance(Duration.ofMillis(100));
            }

            victim.assertAlive(rogue);
            assertThat(victim.log.soFar(PeerEvent.ConnectionReady.class)).hasSize(ready);
            assertThat(victim.sessions()).isEqualTo(2);
            assertThat(victim.dropped(Drop.LATE)).isEqualTo(40);
        }
    }

    @Test
    void makesNoSessionOfAFinishFromElsewhere() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue();
                RogueDatagramPeer elsewhere = victim.rogue()) {
            rogue.send(rogue.init());
            byte[] finish = rogue.reply();
            elsewhere.send(finish);
            assertThat(victim.dropped(Drop.OTHER_ADDRESS)).isEqualTo(1);
            assertThat(victim.sessions()).isEqualTo(1);
            rogue.send(finish);
            rogue.send(Hello.defaults());
            assertThat(rogue.await(Hello.class)).isNotNull();
        }
    }

    /** Whoever sees the datagrams of a node that dials can answer before the peer does: with anything but its proof. */
    @Test
    void meetsItsPeerThoughAnObserverAnswersFirst() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueRelay relay = RogueRelay.bound(victim.network, "relay", 4_001)
                        .to(DatagramVictim.HOST, SimulatedNetwork.PORT)) {
            relay.onForward(datagram -> {
                if (RogueDatagrams.type(datagram) == DatagramType.INIT.number()) {
                    int index = RogueDatagrams.senderIndex(datagram);
                    relay.sendBack(RogueDatagrams.retry(index, new byte[24]));
                    relay.sendBack(RogueDatagrams.reject(index, ErrorCode.VERSION_UNSUPPORTED));
                    relay.sendBack(RogueDatagrams.response(index, 77, new byte[192]));
                    relay.sendBack(RogueDatagrams.packet(index, 0, new byte[40]));
                }
                return List.of(datagram);
            });
            PeerNode dialling = victim.other(spec -> spec.identity(Identity.generate()));
            List<PeerSession> sessions = new ArrayList<>();
            dialling.connect(PeerAddress.udp("relay", 4_001)).subscribe(sessions::add);
            victim.advance(Duration.ofSeconds(5));
            assertThat(sessions)
                    .singleElement()
                    .satisfies(session -> assertThat(session.peer()).isEqualTo(victim.node.id()));
        }
    }

    @Test
    void forgetsAPeerThatProvesWhoItIsAndSaysNoMore() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().handshake()) {
            victim.advance(Duration.ofSeconds(11));
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
            assertThat(victim.sessions()).isOne();
        }
    }

    @Test
    void takesNothingThatComesBeforeHello() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().handshake()) {
            for (int i = 0; i < 100; i++) {
                rogue.send(RogueFrames.open(3 + i, "echo"), new SessionFrame.Ping(i));
            }
            assertThat(rogue.heard()).as("they may have overtaken HELLO").isEmpty();
            rogue.send(Hello.defaults());
            rogue.await(Hello.class);
            victim.assertAlive(rogue);
        }
    }

    private byte[] garbage(DatagramType type, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (length > 0) {
            bytes[0] = type.number();
        }
        return bytes;
    }
}
