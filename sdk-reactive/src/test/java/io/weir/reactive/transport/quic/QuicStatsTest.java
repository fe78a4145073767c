package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.ContractNodes.PATIENCE;
import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static io.weir.reactive.transport.ContractNodes.connect;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ConnectionInfo.Direction;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.ContractNodes;
import io.weir.reactive.transport.UdpOptions;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a node that listens for QUIC tells of whom it turned away and what it dropped, over sockets. */
@Timeout(120)
class QuicStatsTest {

    private static final int MANY = 50;
    private static final int FULL = 1_200;
    private static final int VERSION_1 = 1;

    /** One of those that are kept free so that they are said to be unknown (RFC 9000 section 15). */
    private static final int ANOTHER_VERSION = 0x0A_0A_0A_01;

    private final ContractNodes nodes = new ContractNodes(() -> new QuicTransport(1, UdpOptions.defaults(), true));
    private final Random random = new Random(20_261_201);
    private DatagramSocket stranger;

    @BeforeEach
    void open() throws IOException {
        stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() {
        stranger.close();
        nodes.close();
    }

    private PeerNode server(NodeLimits limits) {
        return nodes.start(spec -> spec.limits(limits)
                .listen(PeerAddress.quic("127.0.0.1", 0))
                .onRequest("never", request -> Mono.never())
                .onRequest("twice", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just(text + text))));
    }

    private PeerNode server() {
        return server(NodeLimits.defaults());
    }

    private void send(PeerNode to, byte[] datagram) throws IOException {
        stranger.send(new DatagramPacket(
                datagram,
                datagram.length,
                InetAddress.getLoopbackAddress(),
                address(to).port()));
    }

    /** In form a client's first packet, whose content is anything. */
    private byte[] firstPacket(int version, int tokenBytes) {
        byte[] datagram = new byte[FULL];
        random.nextBytes(datagram);
        ByteBuffer header = ByteBuffer.wrap(datagram);
        header.put((byte) 0xC3).putInt(version);
        header.put((byte) 8).position(header.position() + 8);
        header.put((byte) 8).position(header.position() + 8);
        header.put((byte) tokenBytes).position(header.position() + tokenBytes);
        header.putShort((short) (0x4000 | FULL - header.position() - Short.BYTES));
        return datagram;
    }

    private static NodeStats.Connections inbound(PeerNode node) {
        return node.stats().connections().stream()
                .filter(each -> each.transport().equals(PeerAddress.QUIC) && each.direction() == Direction.INBOUND)
                .findFirst()
                .orElseThrow();
    }

    private static String twice(PeerSession session) {
        return await(session.request("twice", "a", Codec.utf8(), Codec.utf8()));
    }

    private static ErrorCode failure(PeerNode from, PeerAddress to) {
        return await(from.connect(to)
                .then(Mono.<ErrorCode>empty())
                .onErrorResume(ConnectException.class, e -> Mono.just(e.reason().error())));
    }

    // ---- what is dropped

    @Test
    void countsWhatIsDroppedByReason() throws IOException {
        PeerNode server = server();
        for (int i = 0; i < MANY; i++) {
            byte[] whole = firstPacket(VERSION_1, 0);
            send(server, Arrays.copyOf(whole, FULL - 1 - i));
            send(server, new byte[] {0x40, (byte) i});
            whole[5] = 21;
            send(server, whole);
        }

        awaitTrue("all have come", () -> server.datagramCounts().received() == 3 * MANY);
        assertThat(server.droppedDatagrams())
                .containsOnly(
                        Map.entry(Drop.SHORT_INITIAL, (long) MANY),
                        Map.entry(Drop.TRUNCATED, (long) MANY),
                        Map.entry(Drop.MALFORMED, (long) MANY));
        assertThat(server.stats().droppedDatagrams()).isEqualTo(server.droppedDatagrams());
        assertThat(server.stats().accepted()).isZero();
        assertThat(server.datagramCounts().sent()).as("answers").isZero();
    }

    @Test
    void countsTokensThatItHasNotMade() throws IOException {
        PeerNode server = server();
        for (int i = 0; i < MANY; i++) {
            send(server, firstPacket(VERSION_1, 50));
        }

        awaitTrue("all are refused", () -> server.droppedDatagrams().getOrDefault(Drop.COOKIE_REFUSED, 0L) == MANY);
        assertThat(server.stats().accepted()).isZero();
        assertThat(server.stats().turnedAway().retries()).isZero();
    }

    // ---- who is turned away

    @Test
    void countsWhoSpeaksAnotherVersion() throws IOException {
        PeerNode server = server();
        for (int i = 0; i < MANY; i++) {
            send(server, firstPacket(ANOTHER_VERSION, 0));
        }

        awaitTrue("all are answered", () -> server.datagramCounts().sent() == MANY);
        assertThat(server.stats().turnedAway())
                .isEqualTo(new NodeStats.TurnedAway(0, Map.of(ErrorCode.VERSION_UNSUPPORTED, (long) MANY)));
        assertThat(server.stats().accepted()).isZero();
        assertThat(server.droppedDatagrams()).isEmpty();
    }

    @Test
    void countsWhoComesToAListenerThatHasEnded() {
        PeerNode server = server();
        PeerSession session = connect(nodes.start(), server);
        PeerAddress place = address(server);
        session.request("never", "", Codec.utf8(), Codec.utf8()).subscribe(told -> {}, failed -> {});
        awaitTrue("it runs", () -> server.stats().handled().running() == 1);
        server.shutdown(PATIENCE).subscribe();
        await(session.onDrain().thenReturn(true));

        assertThat(failure(nodes.start(), place)).isEqualTo(ErrorCode.GOING_AWAY);

        assertThat(server.stats().turnedAway().rejected()).containsOnlyKeys(ErrorCode.GOING_AWAY);
        assertThat(inbound(server).begun()).as("the one that drains").isEqualTo(1);
    }

    /** Each is a connection from its first packet on, until it is given up. */
    @Test
    void firstPacketsThatCannotBeOpenedAreConnectionsThatFail() throws IOException {
        PeerNode server = server(NodeLimits.defaults().withHandshakeTimeout(Duration.ofMillis(500)));
        for (int i = 0; i < MANY; i++) {
            send(server, firstPacket(VERSION_1, 0));
        }

        awaitTrue(
                "all are given up",
                () -> server.stats().accepted() == MANY && inbound(server).handshaking() == 0);
        assertThat(sum(server.stats().refusedConnections())).isEqualTo(MANY);
        assertThat(sum(server.stats().handshakes())).isZero();
        assertThat(inbound(server).begun()).isEqualTo(MANY);
    }

    /** A client begins with two datagrams, of which the second may come behind the refusal, and be refused for itself. */
    @Test
    void countsConnectionsThatALimitRefuses() {
        PeerNode server = server(NodeLimits.defaults().withMaxSessionsPerAddress(1));
        PeerSession session = connect(nodes.start(), server);

        assertThat(failure(nodes.start(), address(server))).isEqualTo(ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS);

        awaitTrue("counted", () -> inbound(server).begun() >= 2);
        NodeStats.Connections all = inbound(server);
        assertThat(all.failed()).containsOnlyKeys(ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS);
        assertThat(all.begun()).isEqualTo(1 + sum(all.failed()));
        assertThat(all.ready()).isEqualTo(1);
        assertThat(twice(session)).isEqualTo("aa");
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    // ---- what goes by

    /** On a way that loses nothing what one side has given to the system is what the other has taken from it. */
    @Test
    void datagramsAddUpAtBothEnds() {
        PeerNode server = server();
        PeerNode client = nodes.start();
        PeerSession session = connect(client, server);
        Flux.range(0, 200)
                .flatMap(i -> session.request("twice", "x".repeat(20 * i), Codec.utf8(), Codec.utf8()))
                .blockLast(PATIENCE);
        await(session.close().thenReturn(true));
        awaitTrue("both have ended it", () -> server.stats().sessions() == 0);

        awaitTrue("all is there", () -> {
            DatagramCounts here = client.datagramCounts();
            DatagramCounts there = server.datagramCounts();
            return here.sent() == there.received() && there.sent() == here.received();
        });
        assertThat(server.datagramCounts().received()).isGreaterThan(100);
        assertThat(server.datagramCounts().sent()).isGreaterThan(100);
        assertThat(server.droppedDatagrams()).isEmpty();
        assertThat(client.droppedDatagrams()).isEmpty();
        assertThat(client.datagramCounts().failed()).isZero();
    }
}
