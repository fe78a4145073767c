package io.weir.test.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.identity.NetworkKey;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.ConnectionInfo;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Nodes that meet over datagrams: what stands above a handshake. */
class NodesOverDatagramsTest {

    private static final int INIT = 1;
    private static final int FINISH = 4;

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(1).overDatagrams().profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)));
    private final TappedTransport ofServer = new TappedTransport(network.datagramTransport("server"));
    private final TappedTransport ofClient = new TappedTransport(network.datagramTransport("client"));
    private final List<PeerNode> nodes = new ArrayList<>();
    private final List<PeerSession> sessions = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private final List<PeerEvent> events = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        nodes.forEach(PeerNode::dispose);
        network.advance(Duration.ofSeconds(30));
        assertThat(network.timers()).isZero();
        assertThat(ofServer.sockets).isEmpty();
        assertThat(ofClient.sockets).isEmpty();
    }

    private PeerNode start(PeerNodeSpec spec) {
        spec.start().subscribe(nodes::add, errors::add);
        network.settle();
        return nodes.get(nodes.size() - 1);
    }

    private PeerNode server() {
        return start(serverSpec());
    }

    private PeerNodeSpec serverSpec() {
        return network.listener("server")
                .transport(ofServer)
                .onEvent(events::add)
                .onStream("words", stream -> stream.send(Flux.just("a", "b", "c"), Codec.utf8()));
    }

    private PeerNodeSpec clientSpec() {
        return network.node("client").transport(ofClient);
    }

    private void connect(PeerNode node, String to) {
        node.connect(network.address(to).expecting(network.identity(to).peerId()))
                .subscribe(sessions::add, errors::add);
    }

    private List<String> words(PeerSession session) {
        List<String> received = new ArrayList<>();
        session.openStream("words", StreamConfig.reliable())
                .receive(Codec.utf8())
                .subscribe(received::add, errors::add);
        network.advance(Duration.ofSeconds(1));
        return received;
    }

    private ErrorCode failure() {
        assertThat(errors).hasSize(1);
        return ((ConnectException) errors.get(0)).reason().error();
    }

    @Test
    void aSessionCarriesAStream() {
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofMillis(100));
        assertThat(errors).isEmpty();

        assertThat(words(sessions.get(0))).containsExactly("a", "b", "c");
        assertThat(ofClient.sent(FINISH)).as("the peer has answered it").hasSize(1);
        assertThat(nodes.get(1).droppedDatagrams()).isEmpty();
    }

    @Test
    void aLostFinishDelaysTheSessionOnly() {
        ofClient.lose(FINISH, 2);
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofSeconds(3));

        assertThat(errors).isEmpty();
        assertThat(words(sessions.get(0))).containsExactly("a", "b", "c");
        int sent = ofClient.sent(FINISH).size();
        network.advance(Duration.ofSeconds(5));
        assertThat(ofClient.sent(FINISH))
                .as("it ends with the first packet of the peer")
                .hasSize(sent);
    }

    @Test
    void aReplayedHandshakeNeverTouchesALiveSession() {
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofMillis(100));
        for (TappedTransport.Sent sent : List.copyOf(ofClient.sent)) {
            ofClient.send(sent.bytes(), sent.to());
        }
        try (var elsewhere = network.datagrams("elsewhere", 1)) {
            for (TappedTransport.Sent sent : List.copyOf(ofClient.sent)) {
                elsewhere.send(ByteBuffer.wrap(sent.bytes()), "server", SimulatedNetwork.PORT);
            }
            network.advance(Duration.ofSeconds(11));
        }

        assertThat(sessions.get(0).isDisposed()).isFalse();
        assertThat(nodes.get(0).liveSessions()).hasSize(1);
        assertThat(words(sessions.get(0))).containsExactly("a", "b", "c");
        assertThat(nodes.get(0).droppedDatagrams()).containsKey(Drop.REPLAYED);
    }

    @Test
    void theTimeOutSaysThatTheNetworkKeysMayDiffer() {
        start(serverSpec().networkKey(NetworkKey.of(new byte[32])));
        byte[] other = new byte[32];
        other[0] = 1;
        connect(start(clientSpec().networkKey(NetworkKey.of(other))), "server");
        network.advance(Duration.ofSeconds(12));

        assertThat(failure()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
        assertThat(errors.get(0)).hasMessageContaining("the network keys may differ");
        assertThat(nodes.get(0).droppedDatagrams()).containsKey(Drop.NETWORK_KEY);
    }

    @Test
    void nobodyThereIsAFailureToConnect() {
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofSeconds(10));

        assertThat(failure()).isEqualTo(ErrorCode.CONNECT_FAILED);
    }

    @Test
    void whoIsNotExpectedIsToldNothing() {
        server();
        start(clientSpec())
                .connect(network.address("server")
                        .expecting(network.identity("another").peerId()))
                .subscribe(sessions::add, errors::add);
        network.advance(Duration.ofSeconds(2));

        assertThat(failure()).isEqualTo(ErrorCode.IDENTITY_MISMATCH);
    }

    @Test
    void dialsToEachOtherAtOnceMakeOneSession() {
        start(network.listener("server").transport(ofServer));
        start(network.listener("client").transport(ofClient));
        connect(nodes.get(0), "client");
        connect(nodes.get(1), "server");
        network.advance(Duration.ofSeconds(2));

        assertThat(errors).isEmpty();
        assertThat(sessions).hasSize(2);
        assertThat(nodes).allSatisfy(node -> assertThat(node.liveSessions()).hasSize(1));
        assertThat(ofServer.sockets).as("each dials from where it listens").hasSize(1);
        assertThat(ofClient.sockets).hasSize(1);
        assertThat(sessions)
                .extracting(PeerSession::peer)
                .containsExactlyInAnyOrder(nodes.get(0).id(), nodes.get(1).id());
    }

    @Test
    void aRestartedPeerReplacesItsOldSession() {
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofMillis(100));
        PeerSession old = nodes.get(0).liveSessions().get(0);
        List<CloseReason> ends = new ArrayList<>();
        old.onClose().subscribe(ends::add);

        connect(start(network.node("again").identity(network.identity("client"))), "server");
        network.advance(Duration.ofSeconds(2));

        assertThat(sessions).hasSize(2);
        assertThat(ends).extracting(CloseReason::error).containsExactly(ErrorCode.REPLACED);
        assertThat(nodes.get(0).liveSessions()).hasSize(1);
    }

    @Test
    void moreSessionsOfOneAddressThanAllowedAreToldSoAtOnce() {
        start(serverSpec().limits(NodeLimits.defaults().withMaxSessionsPerAddress(1)));
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofMillis(100));
        connect(start(network.node("second").transport(network.datagramTransport("client"))), "server");
        network.advance(Duration.ofMillis(100));

        assertThat(failure()).isEqualTo(ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS);
        assertThat(events)
                .anyMatch(event -> event instanceof PeerEvent.InboundRefused refused
                        && refused.reason().error() == ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS);
    }

    @Test
    void aBrokenSocketLosesTheSessionAndNotTheNode() {
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofMillis(100));
        List<CloseReason> ends = new ArrayList<>();
        sessions.get(0).onClose().subscribe(ends::add);

        ofClient.breakSockets(new IOException("broken on purpose"));
        network.advance(Duration.ofMillis(10));
        assertThat(ends).extracting(CloseReason::error).containsExactly(ErrorCode.LINK_LOST);

        connect(nodes.get(1), "server");
        network.advance(Duration.ofSeconds(10)); // the server asks the lost session for a sign of life first
        assertThat(errors).isEmpty();
        assertThat(sessions).hasSize(2);
        assertThat(words(sessions.get(1))).containsExactly("a", "b", "c");
    }

    @Test
    void aPeerThatMovesKeepsItsSession() {
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofMillis(100));

        network.changePorts("client");
        assertThat(words(sessions.get(0))).as("behind a NAT that has forgotten").containsExactly("a", "b", "c");
        network.changeAddress("client");
        assertThat(words(sessions.get(0))).as("in another network").containsExactly("a", "b", "c");

        network.advance(Duration.ofMinutes(1));
        assertThat(sessions.get(0).isDisposed()).isFalse();
        assertThat(nodes.get(0).liveSessions()).hasSize(1);
    }

    /** Name and headers take 960 bytes together at the most; what they leave of a packet is for the body, in as many as it takes. */
    @ParameterizedTest(name = "{0} bytes of headers, {1} of body")
    @CsvSource({"0, 3000", "500, 1024", "900, 0", "900, 1", "951, 100", "951, 20000", "952, 0"})
    void aMessageWithLargeHeadersComesWholeOrIsRefused(int headerBytes, int bodyBytes) {
        network.profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)).withLoss(0.1));
        start(serverSpec()
                .onRequest(
                        "echo",
                        request -> Mono.just(ByteBuffer.wrap((request.headers().text("h") + " "
                                        + request.payload().remaining())
                                .getBytes(StandardCharsets.UTF_8)))));
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofSeconds(10));
        String header = "x".repeat(headerBytes);
        List<String> replies = new ArrayList<>();
        sessions.get(0)
                .request(
                        "echo",
                        new byte[bodyBytes],
                        Codec.bytes(),
                        Codec.utf8(),
                        RequestOptions.defaults().withHeader("h", header))
                .subscribe(replies::add, errors::add);
        network.advance(Duration.ofSeconds(20));

        if (headerBytes > 951) {
            assertThat(errors).singleElement().isInstanceOf(PayloadTooLargeException.class);
        } else {
            assertThat(errors).isEmpty();
            assertThat(replies).containsExactly(header + " " + bodyBytes);
        }
    }

    /** A socket takes two datagrams at a time, and of fifty sessions three have something to say. */
    @Test
    void onlyThoseThatWaitForRoomHearOfItAndEachInItsTurn() {
        start(serverSpec()
                .onStream("much", stream -> stream.send(Flux.range(0, 100).map(i -> new byte[1_000]), Codec.bytes())));
        for (int i = 0; i < 50; i++) {
            connect(start(network.node("client" + i)), "server");
        }
        network.advance(Duration.ofMillis(300));
        assertThat(sessions).hasSize(50);
        int[] received = new int[3];
        for (int i = 0; i < received.length; i++) {
            int which = i;
            sessions.get(i)
                    .openStream("much", StreamConfig.reliable())
                    .receive(Codec.bytes())
                    .subscribe(e -> received[which]++);
        }
        ofServer.room(0);
        network.advance(Duration.ofMillis(100));

        long most = 0;
        int least = 0;
        for (int step = 0; step < 300; step++) {
            long before = ofServer.asked();
            ofServer.room(2);
            network.advance(Duration.ofMillis(5));
            most = Math.max(most, ofServer.asked() - before);
            least = step == 100 ? Math.min(received[0], Math.min(received[1], received[2])) : least;
        }
        assertThat(received).containsOnly(100);
        assertThat(least).as("of each, where a third of all has gone").isGreaterThan(30);
        assertThat(most).as("nobody asks who has nothing to say").isLessThan(50);
        ofServer.room(Integer.MAX_VALUE);
    }

    /** As a change of networks has it: the connection, the session, the events and those who come later tell the new address. */
    @Test
    void whereAPeerIsIsToldAnewWhenItHasMoved() {
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofMillis(100));
        PeerSession served = nodes.get(0).liveSessions().get(0);
        SocketAddress before = served.remoteAddress();

        network.changeAddress("client");
        words(sessions.get(0));
        network.advance(Duration.ofSeconds(1));

        SocketAddress now = served.remoteAddress();
        assertThat(now).isNotEqualTo(before);
        assertThat(nodes.get(0).connections())
                .extracting(ConnectionInfo::address)
                .containsExactly(now);
        assertThat(nodes.get(0).connection(now)).isPresent();
        assertThat(nodes.get(0).connection(before)).isEmpty();
        assertThat(events)
                .filteredOn(PeerEvent.ConnectionMoved.class::isInstance)
                .containsExactly(new PeerEvent.ConnectionMoved(served.peer(), before, now, served.id()));
        List<PeerEvent> late = new ArrayList<>();
        nodes.get(0).events().subscribe(late::add);
        network.settle();
        assertThat(late).contains(new PeerEvent.ConnectionReady(served.peer(), now, served.id(), false));
    }

    /** The one that was dialled has said HELLO to where the other was, and asks for a proof of where it is. */
    @Test
    void aPeerThatMovesBeforeItHearsHelloStillGetsItsSession() {
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofMillis(35)); // HELLO is on its way back
        assertThat(nodes.get(0).liveSessions()).hasSize(1);
        assertThat(sessions).isEmpty();
        network.changeAddress("client");
        network.advance(Duration.ofSeconds(3));

        assertThat(errors).isEmpty();
        assertThat(sessions).hasSize(1);
        assertThat(words(sessions.get(0))).containsExactly("a", "b", "c");
    }

    @Test
    void aNodeThatStopsInAHandshakeLeavesNothing() {
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofMillis(15)); // INIT has come, RESPONSE has not
        nodes.get(1).dispose();
        network.settle();

        assertThat(failure()).isEqualTo(ErrorCode.NODE_CLOSED);
        assertThat(ofClient.sockets).isEmpty();
        assertThat(network.timers("client")).isZero();
        nodes.get(0).dispose(); // with a handshake that is half-open
        network.settle();
        assertThat(ofServer.sockets).isEmpty();
        assertThat(network.timers("server")).isZero();
    }

    @Test
    void aHandshakeWithoutAnEndRunsIntoTheTimeOut() {
        ofClient.lose(FINISH, Integer.MAX_VALUE);
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofSeconds(12));

        assertThat(failure()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
        assertThat(errors.get(0)).hasMessageContaining("the peer has not said HELLO");
        assertThat(nodes.get(0).liveSessions()).isEmpty();
    }

    @Test
    void aClosedSessionFreesItsIndex() {
        server();
        connect(start(clientSpec()), "server");
        network.advance(Duration.ofMillis(100));
        byte[] last = ofClient.sent.get(ofClient.sent.size() - 1).bytes();

        sessions.get(0).close().subscribe();
        network.advance(Duration.ofSeconds(5));
        try (var late = network.datagrams("late", 1)) {
            late.send(ByteBuffer.wrap(last), "server", SimulatedNetwork.PORT);
            network.advance(Duration.ofMillis(20));
        }

        assertThat(nodes.get(0).liveSessions()).isEmpty();
        assertThat(nodes.get(0).droppedDatagrams()).containsKey(Drop.UNKNOWN_INDEX);
    }

    @Test
    void aNodeCountsWhatItsPortsHaveDoneAlsoOnceTheyAreClosed() {
        List<PeerNode> told = new ArrayList<>();
        PeerNode server = start(serverSpec().observer(new NodeObserver() {
            @Override
            public void onNodeStarted(PeerNode node) {
                told.add(node);
            }

            @Override
            public void onNodeClosed(PeerNode node) {
                told.remove(node);
            }
        }));
        assertThat(told).containsExactly(server);
        assertThat(server.datagramCounts()).isEqualTo(DatagramCounts.NONE);
        PeerNode client = start(clientSpec());
        connect(client, "server");
        network.advance(Duration.ofMillis(100));

        assertThat(client.datagramCounts().sent())
                .isPositive()
                .isEqualTo(server.datagramCounts().received());
        assertThat(server.datagramCounts().sent())
                .isPositive()
                .isEqualTo(client.datagramCounts().received());

        DatagramCounts before = server.datagramCounts();
        server.dispose();
        network.advance(Duration.ofSeconds(30));
        assertThat(told).isEmpty();
        assertThat(server.datagramCounts().sent()).isGreaterThan(before.sent());
    }

    @Test
    void straysAreToldAtALimitedRate() {
        List<Long> told = new ArrayList<>();
        start(serverSpec().observer(new NodeObserver() {
            @Override
            public void onStrayPackets(String transport, SocketAddress from, long count) {
                assertThat(transport).isEqualTo("udp");
                assertThat(from.toString()).startsWith("stranger/");
                told.add(count);
            }
        }));
        byte[] packet = new byte[100];
        packet[0] = 8;
        packet[4] = 1;
        try (var stranger = network.datagrams("stranger", 1)) {
            for (int i = 0; i < 100; i++) {
                stranger.send(ByteBuffer.wrap(packet), "server", SimulatedNetwork.PORT);
            }
            network.advance(Duration.ofMillis(20));
            assertThat(told).hasSize(10).containsOnly(1L);
            network.advance(Duration.ofSeconds(1));
            stranger.send(ByteBuffer.wrap(packet), "server", SimulatedNetwork.PORT);
            network.advance(Duration.ofMillis(20));
        }

        assertThat(told).hasSize(11).last().isEqualTo(91L);
        assertThat(nodes.get(0).droppedDatagrams()).containsEntry(Drop.UNKNOWN_INDEX, 101L);
        assertThat(ofServer.sent).as("answers").isEmpty();
    }
}
