package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.ContractNodes.PATIENCE;
import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static io.weir.reactive.transport.ContractNodes.connect;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.identity.Identity;
import io.weir.core.identity.NetworkKey;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent.InboundRefused;
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
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a node at a QUIC port does not take: each time it says why, and goes on with others. */
@Timeout(120)
class QuicRefusalsTest {

    private final ContractNodes nodes = new ContractNodes(() -> new QuicTransport(1, UdpOptions.defaults(), true));

    @AfterEach
    void close() {
        nodes.close();
    }

    private PeerNode server(NodeLimits limits) {
        return nodes.start(spec -> spec.limits(limits)
                .listen(PeerAddress.quic("127.0.0.1", 0))
                .onRequest("twice", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just(text + text))));
    }

    private PeerNode server() {
        return server(NodeLimits.defaults());
    }

    private CloseReason refusal(PeerNode server) {
        awaitTrue("a refusal", () -> !nodes.told(server, InboundRefused.class).isEmpty());
        return nodes.told(server, InboundRefused.class).get(0).reason();
    }

    /** The node still takes who is as it should be. */
    private void servesOthers(PeerNode server) {
        PeerSession session = connect(nodes.start(), server);
        assertThat(await(session.request("twice", "a", Codec.utf8(), Codec.utf8())))
                .isEqualTo("aa");
    }

    private static Function<QuicChannel, QuicSslEngine> genuine() {
        QuicTls tls = new QuicTls(Identity.generate());
        return tls::dialling;
    }

    // ---- what is said on a connection

    @ParameterizedTest
    @ValueSource(ints = {4, 0x3F, 0xFF})
    void refusesAStreamOfNoType(int type) {
        PeerNode server = server();

        try (RawQuicClient client = new RawQuicClient(address(server), genuine())) {
            client.open(type);
            assertThat(refusal(server).error()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(refusal(server).detail()).contains("type " + type);
        }
        servesOthers(server);
    }

    @Test
    void refusesASecondControlStream() {
        PeerNode server = server();

        try (RawQuicClient client = new RawQuicClient(address(server), genuine())) {
            client.open(0);
            client.open(0);
            assertThat(refusal(server).error()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(refusal(server).detail()).contains("second stream");
        }
        servesOthers(server);
    }

    @Test
    void waitsNoLongerThanItsTimeLimitForAControlStream() {
        PeerNode server = server(NodeLimits.defaults().withHandshakeTimeout(Duration.ofSeconds(4)));

        try (RawQuicClient client = new RawQuicClient(address(server), genuine())) {
            client.open(1, 0, 1, 0);
            assertThat(refusal(server).error()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
        }
        servesOthers(server);
    }

    @Test
    void refusesAnEmptyBlock() {
        PeerNode server = server();

        try (RawQuicClient client = new RawQuicClient(address(server), genuine())) {
            client.open(0, 0, 0);
            assertThat(refusal(server).error()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(refusal(server).detail()).contains("0 bytes");
        }
        servesOthers(server);
    }

    @Test
    void refusesABlockThatIsCutOff() {
        PeerNode server = server();

        try (RawQuicClient client = new RawQuicClient(address(server), genuine())) {
            client.open(0, 0, 9, 1).shutdownOutput();
            assertThat(refusal(server).error()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(refusal(server).detail()).contains("inside a block");
        }
        servesOthers(server);
    }

    /** A block is taken when it is whole, however few bytes came last. */
    @Test
    void refusesFramesThatAreNoneWhereTheLastByteComesAlone() {
        PeerNode server = server();

        try (RawQuicClient client = new RawQuicClient(address(server), genuine())) {
            QuicStreamChannel stream = client.open(0, 0, 2, 0x3F);
            Mono.delay(Duration.ofMillis(200)).block(); // so that it is read by itself
            stream.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {0x3F}));
            assertThat(refusal(server).error()).isIn(ErrorCode.MALFORMED_FRAME, ErrorCode.PROTOCOL_VIOLATION);
        }
        servesOthers(server);
    }

    @Test
    void refusesFramesThatAreNone() {
        PeerNode server = server();

        try (RawQuicClient client = new RawQuicClient(address(server), genuine())) {
            client.open(0, 0, 2, 0x3F, 0x3F);
            assertThat(refusal(server).error()).isIn(ErrorCode.MALFORMED_FRAME, ErrorCode.PROTOCOL_VIOLATION);
        }
        servesOthers(server);
    }

    @Test
    void endsAConnectionOnWhichStreamsAreOnlyReset() {
        PeerNode server = server(NodeLimits.defaults().withHandshakeTimeout(PATIENCE));

        try (RawQuicClient client = new RawQuicClient(address(server), genuine())) {
            for (int i = 0; i <= InboundLanes.MOST_FUTILE && client.connection().isActive(); i++) {
                awaitTrue(
                        "a stream is allowed or refused",
                        () -> client.connection().peerAllowedStreams(QuicStreamType.UNIDIRECTIONAL) > 0
                                || !client.connection().isActive());
                if (client.connection().isActive()) {
                    QuicStreamChannel stream = client.open();
                    stream.shutdownOutput(7).awaitUninterruptibly();
                }
            }
            assertThat(refusal(server).error()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(refusal(server).detail()).contains("were reset");
        }
        servesOthers(server);
    }

    /** A half that says nothing has no stream. */
    @Test
    void takesMoreSubscriptionsThanStreamsThatComeToNothing() {
        PeerNode server = nodes.start(spec -> spec.listen(PeerAddress.quic("127.0.0.1", 0))
                .onStream("one", stream -> stream.send(Flux.just("one"), Codec.utf8())));
        PeerSession session = connect(nodes.start(), server);

        long came = await(Flux.range(0, InboundLanes.MOST_FUTILE + 10)
                .concatMap(i -> session.subscribe("one", Codec.utf8()))
                .count());

        assertThat(came).isEqualTo(InboundLanes.MOST_FUTILE + 10);
    }

    @Test
    void isNotDisturbedByDatagramsOfNoMeaning() throws IOException {
        PeerNode server = server();
        Random random = new Random(7);

        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 2_000; i++) {
                byte[] garbage = new byte[1 + random.nextInt(1_400)];
                random.nextBytes(garbage);
                socket.send(new DatagramPacket(
                        garbage,
                        garbage.length,
                        InetAddress.getLoopbackAddress(),
                        address(server).port()));
            }
        }

        servesOthers(server);
    }

    @Test
    void tellsWhoIsOneTooManyBeforeTheHandshake() {
        PeerNode server = server(NodeLimits.defaults().withMaxSessionsPerAddress(1));
        connect(nodes.start(), server);

        CloseReason reason = await(nodes.start()
                .connect(address(server))
                .then(Mono.<CloseReason>empty())
                .onErrorResume(ConnectException.class, e -> Mono.just(e.reason())));

        assertThat(reason.error()).isEqualTo(ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS);
        assertThat(reason.origin()).isEqualTo(Origin.UNPROVEN);
    }

    // ---- the network key

    private static NetworkKey networkKey(int fill) {
        byte[] key = new byte[NetworkKey.LENGTH];
        Arrays.fill(key, (byte) fill);
        return NetworkKey.of(key);
    }

    private PeerNode keyed(int fill) {
        return nodes.start(spec -> spec.networkKey(networkKey(fill)).listen(PeerAddress.quic("127.0.0.1", 0)));
    }

    private static ErrorCode failure(PeerNode from, PeerNode to) {
        return await(from.connect(address(to))
                .then(Mono.<ErrorCode>empty())
                .onErrorResume(ConnectException.class, e -> Mono.just(e.reason().error())));
    }

    @Test
    void meetsWhoHasTheSameNetworkKey() {
        assertThat(connect(keyed(1), keyed(1)).state()).isNotNull();
    }

    @Test
    void refusesAnotherNetworkKeyAndNone() {
        PeerNode server = keyed(1);

        assertThat(failure(keyed(2), server)).isEqualTo(ErrorCode.NETWORK_KEY_MISMATCH);
        assertThat(failure(nodes.start(), server)).isEqualTo(ErrorCode.NETWORK_KEY_MISMATCH);
        assertThat(failure(server, server())).isEqualTo(ErrorCode.NETWORK_KEY_MISMATCH);
        assertThat(server.liveSessions()).isEmpty();
    }
}
