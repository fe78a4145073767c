package io.weir.test.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.Drop;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.NetworkKey;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.NodeLimits;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the ports of two hosts make of handshakes that go well or badly; nobody says anything behind them. */
class PortHandshakeTest {

    private static final int INIT = 1;
    private static final int RETRY = 2;
    private static final int RESPONSE = 3;
    private static final int FINISH = 4;
    private static final int REJECT = 5;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration ONE_WAY = Duration.ofMillis(10);

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(1).profile(LinkProfile.PERFECT.withLatency(ONE_WAY));
    private final PortSide client = new PortSide(network, "client");

    private PortSide server() {
        return new PortSide(network, "server").listen();
    }

    private PortSide server(NodeLimits limits) {
        return new PortSide(network, "server", limits, config -> config).listen();
    }

    @Test
    void bothEndsKnowEachOtherAfterThreeDatagrams() {
        PortSide server = server();
        client.dial(server, server.id, LIMIT);

        network.advance(ONE_WAY.multipliedBy(2));
        assertThat(client.established).singleElement().satisfies(made -> {
            assertThat(made.peer()).isEqualTo(server.id);
            assertThat(made.transport()).isEqualTo("udp");
            assertThat(made.remoteAddress().toString())
                    .startsWith("server/10.0.0.")
                    .endsWith(":7400");
            assertThat(made.carrier().path().roundTripNanos())
                    .isEqualTo(ONE_WAY.multipliedBy(2).toNanos());
        });
        network.advance(ONE_WAY);
        assertThat(server.established).singleElement().satisfies(made -> {
            assertThat(made.peer()).isEqualTo(client.id);
            assertThat(made.carrier().path().roundTripNanos())
                    .isEqualTo(ONE_WAY.multipliedBy(2).toNanos());
        });
        assertThat(client.transport.sent(INIT)).hasSize(1);
        assertThat(server.transport.sent(RESPONSE)).hasSize(1);
        assertThat(client.transport.sent(FINISH)).hasSize(1);
    }

    @Test
    void aLostInitIsSentAgainAfterASecond() {
        PortSide server = server();
        client.transport.lose(INIT, 1);
        client.dial(server, server.id, LIMIT);

        network.advance(Duration.ofMillis(1_019));
        assertThat(client.established).isEmpty();
        network.advance(Duration.ofMillis(1));
        assertThat(client.established).hasSize(1);
    }

    @Test
    void aLostResponseIsSentAgainWithTheSameBytes() {
        PortSide server = server();
        server.transport.lose(RESPONSE, 1);
        client.dial(server, server.id, LIMIT);

        network.advance(Duration.ofMillis(1_030));
        assertThat(client.established).hasSize(1);
        assertThat(server.established).hasSize(1);
        assertThat(server.transport.sent(RESPONSE)).hasSize(2);
        assertThat(server.transport.sent(RESPONSE).get(1).bytes())
                .isEqualTo(server.transport.sent(RESPONSE).get(0).bytes());
    }

    @Test
    void aLostFinishIsSentAgainUntilThePeerIsHeard() {
        PortSide server = server();
        client.transport.lose(FINISH, 1);
        client.dial(server, server.id, LIMIT);

        network.advance(Duration.ofMillis(20 + 3 * 20 + 25 + 10));
        assertThat(server.established).hasSize(1);

        network.advance(Duration.ofSeconds(1));
        assertThat(client.transport.sent(FINISH)).as("nobody has said a word").hasSizeGreaterThan(3);
        assertThat(server.established).hasSize(1);
    }

    @Test
    void aDoubledHandshakeMakesOneConnection() {
        PortSide server = server();
        network.between("client", "server").duplication(1);
        network.between("server", "client").duplication(1);
        client.dial(server, server.id, LIMIT);

        network.advance(Duration.ofMillis(50));
        assertThat(client.established).hasSize(1);
        assertThat(server.established).hasSize(1);
        assertThat(server.connections).hasSize(1);
    }

    @Test
    void replayedMessagesMakeNoOtherConnection() {
        PortSide server = server();
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));
        var init = client.transport.sent(INIT).get(0);
        var finish = client.transport.sent(FINISH).get(0);

        client.transport.send(init.bytes(), init.to());
        network.advance(Duration.ofMillis(50));
        client.transport.send(finish.bytes(), finish.to());
        network.advance(Duration.ofMillis(50));

        assertThat(server.transport.sent(RESPONSE))
                .as("one of a handshake of its own")
                .hasSize(2);
        assertThat(server.established).hasSize(1);
        assertThat(server.sessions).noneMatch(session -> session.lost);
        assertThat(client.sessions).noneMatch(session -> session.lost);
    }

    @Test
    void aCookieIsAskedForAboveTheThreshold() {
        PortSide server = server();
        new PortSide(network, "crowd").crowd(server, 64);
        network.advance(Duration.ofMillis(50));

        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(100));

        assertThat(server.transport.sent(RETRY)).hasSize(1);
        assertThat(client.transport.sent(INIT)).hasSize(2);
        assertThat(client.established).hasSize(1);
        assertThat(server.established).hasSize(1);
    }

    @Test
    void aHandshakeIsRejectedWhereThereIsNoPlace() {
        PortSide server = server(NodeLimits.defaults().withMaxHandshakes(1));
        new PortSide(network, "crowd").crowd(server, 1);
        network.advance(Duration.ofMillis(50));

        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(1_100));

        assertThat(server.transport.sent(REJECT)).isNotEmpty();
        assertThat(client.failures)
                .singleElement()
                .satisfies(reason -> assertThat(reason.error()).isEqualTo(ErrorCode.TOO_MANY_HANDSHAKES));
        assertThat(client.transport.sockets).as("ports that nobody uses").isEmpty();
    }

    @Test
    void halfOpenHandshakesEndInTime() {
        PortSide server = server(NodeLimits.defaults().withMaxHandshakes(1));
        PortSide crowd = new PortSide(network, "crowd");
        crowd.crowd(server, 1);
        network.advance(Duration.ofMillis(50));
        crowd.connections.forEach(connection -> connection.close());

        network.advance(Duration.ofSeconds(10));
        assertThat(network.timers("server")).isZero();
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(100));

        assertThat(client.established).hasSize(1);
    }

    @Test
    void anotherNetworkKeyIsNoPeer() {
        PortSide server = new PortSide(network, "server", NodeLimits.defaults(), key(1)).listen();
        PortSide stranger = new PortSide(network, "stranger", NodeLimits.defaults(), key(2));
        stranger.dial(server, server.id, LIMIT);

        network.advance(Duration.ofSeconds(1));
        assertThat(server.connections).isEmpty();
        assertThat(server.node.dropped()).containsKey(Drop.NETWORK_KEY);
        assertThat(stranger.established).as("which the peer has not judged").hasSize(1);
        stranger.connections.get(0).close();
        assertThat(network.timers("stranger")).isZero();
    }

    @Test
    void aNetworkKeyAtOneEndOnlyIsToldInTheClear() {
        PortSide server = new PortSide(network, "server", NodeLimits.defaults(), key(1)).listen();
        client.dial(server, server.id, LIMIT);

        network.advance(Duration.ofMillis(1_100));
        assertThat(client.failures).singleElement().satisfies(reason -> {
            assertThat(reason.error()).isEqualTo(ErrorCode.SUITE_UNSUPPORTED);
            assertThat(reason.detail()).contains("network key");
        });
    }

    @Test
    void anotherPeerThanExpectedIsNotToldWhoDials() {
        PortSide server = server();
        client.dial(server, network.identity("another").peerId(), LIMIT);

        network.advance(Duration.ofMillis(1_100));
        assertThat(client.failures).extracting(CloseReason::error).containsExactly(ErrorCode.IDENTITY_MISMATCH);
        assertThat(client.transport.sent(FINISH)).isEmpty();
        assertThat(network.timers("client")).isZero();
    }

    @Test
    void nobodyThereIsAFailureToConnect() {
        PortSide nobody = new PortSide(network, "nobody");
        client.dial(nobody, null, LIMIT);

        network.advance(LIMIT.minusMillis(1));
        assertThat(client.failures).isEmpty();
        network.advance(Duration.ofMillis(1));

        assertThat(client.failures).extracting(CloseReason::error).containsExactly(ErrorCode.CONNECT_FAILED);
        assertThat(client.transport.sent(INIT)).as("at 0, 1, 3 and 7 s").hasSize(4);
        assertThat(network.timers()).isZero();
    }

    @Test
    void theNextAddressOfAPeerHasItsTurnAfterAQuarterOfASecond() {
        PortSide server = server();
        client.transport.before.add(new PathAddress(Bytes.copyOf(new byte[] {10, 9, 9, 9}), 7_400));
        client.dial(server, server.id, LIMIT);

        network.advance(Duration.ofMillis(250 + 19));
        assertThat(client.established).isEmpty();
        network.advance(Duration.ofMillis(1));
        assertThat(client.established).hasSize(1);

        network.advance(Duration.ofSeconds(5));
        assertThat(client.transport.sent(INIT)).as("none is sent again").hasSize(2);
        assertThat(server.established).hasSize(1);
    }

    @Test
    void aRefusalAtOneAddressLeavesTheOthers() {
        PortSide full = new PortSide(network, "full", NodeLimits.defaults(), key(1)).listen();
        PortSide server = server();
        network.advance(Duration.ofMillis(1));
        client.dial(full, null, LIMIT);
        client.transport.before.add(client.transport.sent(INIT).get(0).to());
        client.dial(server, server.id, LIMIT);

        network.advance(Duration.ofSeconds(2));
        assertThat(client.established).hasSize(1);
        assertThat(client.failures).as("of the dial to that address alone").hasSize(1);
    }

    @Test
    void aDialWithoutAFreeIndexFails() {
        PortSide small = new PortSide(
                network, "small", NodeLimits.defaults().withMaxSessions(1).withMaxHandshakes(1), config -> config);
        PortSide nobody = new PortSide(network, "nobody");
        for (int i = 0; i < 4; i++) {
            small.dial(nobody, null, LIMIT);
        }
        assertThat(small.failures).isEmpty();

        small.dial(nobody, null, LIMIT);
        assertThat(small.failures).singleElement().satisfies(reason -> {
            assertThat(reason.error()).isEqualTo(ErrorCode.CONNECT_FAILED);
            assertThat(reason.detail()).contains("indexes");
        });
    }

    @Test
    void aDefectInOneHandshakeIsNotTheOthers() {
        PortSide server = server();
        server.randomFails = true;
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(100));
        assertThat(server.transport.sent).isEmpty();

        server.randomFails = false;
        network.advance(Duration.ofSeconds(1));
        assertThat(client.established).hasSize(1);
    }

    @Test
    void whoOnlyDialsTakesNobody() {
        PortSide server = server();
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(50));
        var init = client.transport.sent(INIT).get(0);
        int port = ((java.net.InetSocketAddress) client.transport.sockets.get(0).localAddress()).getPort();

        try (var other = network.datagrams("other", 1)) {
            other.send(ByteBuffer.wrap(init.bytes()), "client", port);
            network.advance(Duration.ofMillis(50));
        }

        assertThat(client.node.dropped()).containsEntry(Drop.NOT_LISTENING, 1L);
        assertThat(client.transport.sent(RESPONSE)).isEmpty();
    }

    @Test
    void theLastMessageFromElsewhereDrawsNoSessionThere() {
        PortSide server = server();
        client.transport.lose(FINISH, 1);
        client.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(20));
        byte[] finish = client.transport.sent(FINISH).get(0).bytes();

        try (var elsewhere = network.datagrams("elsewhere", 1)) {
            elsewhere.send(ByteBuffer.wrap(finish), "server", SimulatedNetwork.PORT);
            network.advance(Duration.ofMillis(20));
        }
        assertThat(server.connections).isEmpty();
        assertThat(server.node.dropped()).containsEntry(Drop.OTHER_ADDRESS, 1L);

        network.advance(Duration.ofSeconds(1));
        assertThat(server.established).as("the genuine one still counts").hasSize(1);
    }

    @Test
    void aFloodOfFirstMessagesLeavesHonestPeersTheirPlaces() {
        PortSide server = server();
        client.dial(new PortSide(network, "nowhere"), null, LIMIT);
        byte[] init = client.transport.sent(INIT).get(0).bytes();
        try (var attacker = network.datagrams("attacker", 1)) {
            for (int i = 0; i < 3_000; i++) {
                byte[] forged = init.clone();
                Arrays.fill(forged, 9, 13, (byte) i); // another ephemeral key
                forged[10] = (byte) (i >> 8);
                attacker.forge("host" + i % 500, 1 + i, ByteBuffer.wrap(forged), "server", SimulatedNetwork.PORT);
            }
        }
        network.advance(Duration.ofMillis(20));
        assertThat(server.transport.sent(RESPONSE)).as("key agreements").hasSize(64);
        assertThat(server.transport.sent(RETRY)).hasSize(3_000 - 64);
        int bytesIn = 3_000 * init.length;
        int bytesOut = server.transport.sent.stream()
                .mapToInt(one -> one.bytes().length)
                .sum();
        assertThat(bytesOut).isLessThan(bytesIn / 5);

        PortSide honest = new PortSide(network, "honest");
        honest.dial(server, server.id, LIMIT);
        network.advance(Duration.ofMillis(100));
        assertThat(server.established).hasSize(1);
    }

    private static java.util.function.UnaryOperator<io.weir.core.handshake.HandshakeConfig> key(int seed) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) seed);
        return config -> config.withNetworkKey(NetworkKey.of(key));
    }
}
