package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.ContractNodes.PATIENCE;
import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.codec.quic.QuicChannel;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent.InboundRefused;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.transport.ContractNodes;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.dns.NameLookup;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every way in which QUIC itself ends a connection, over sockets: what a dialler and a listener are told. */
@Timeout(120)
class QuicEndsTest {

    private static final int GIVEN_UP = 500;

    /** Longer than a test has patience. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private static final Identity WHO = Identity.generate();

    private final ContractNodes nodes = new ContractNodes(() -> new QuicTransport(1, UdpOptions.defaults(), true));

    @AfterEach
    void close() {
        nodes.close();
    }

    private CloseReason dialled(Duration idle, Consumer<QuicChannel> onSecured) {
        QuicTls tls = new QuicTls(WHO);
        try (RawQuicServer server = new RawQuicServer(tls::accepting, idle, onSecured)) {
            return failure(server.address());
        }
    }

    private CloseReason failure(PeerAddress to) {
        return failure(
                nodes.start(spec -> spec.limits(NodeLimits.defaults().withConnectTimeout(Duration.ofSeconds(3)))), to);
    }

    private static CloseReason failure(PeerNode client, PeerAddress to) {
        return await(client.connect(to.expecting(WHO.peerId()))
                .then(Mono.<CloseReason>empty())
                .onErrorResume(ConnectException.class, e -> Mono.just(e.reason())));
    }

    // ---- a dialler, before the peer's HELLO

    @ParameterizedTest
    @CsvSource({"true, 0", "true, 7", "false, 1", "false, 10"})
    void aDiallerIsToldThatThePeerHasClosed(boolean application, int error) {
        CloseReason reason =
                dialled(Duration.ZERO, connection -> connection.close(application, error, Unpooled.EMPTY_BUFFER));

        assertThat(reason.error()).isEqualTo(ErrorCode.LINK_LOST);
    }

    @Test
    void aDiallerIsToldByWhichCodeItIsTurnedAway() {
        CloseReason reason = dialled(
                Duration.ZERO,
                connection -> connection.close(
                        false, QuicError.CONNECTION_REFUSED, QuicError.reason(ErrorCode.TOO_MANY_HANDSHAKES)));

        assertThat(reason).isEqualTo(CloseReason.unproven((int) ErrorCode.TOO_MANY_HANDSHAKES.number()));
    }

    @Test
    void aDiallerIsToldThatThePeersIdleTimeOutHasPassed() {
        CloseReason reason = dialled(Duration.ofMillis(400), connection -> {});

        assertThat(reason.error()).isEqualTo(ErrorCode.LINK_LOST);
        assertThat(reason.detail()).contains("idle");
    }

    @Test
    void aDiallerIsToldThatNobodyAnswers() throws IOException {
        try (DatagramSocket deaf = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            CloseReason reason = failure(PeerAddress.quic("127.0.0.1", deaf.getLocalPort()));

            assertThat(reason.error()).isEqualTo(ErrorCode.CONNECT_FAILED);
        }
    }

    /** Looking the name up takes nearly all of it: what is left is over long before the time for all would be. */
    @Test
    void theTimeOfADialIsForItsNameToo() throws IOException {
        AtomicLong now = new AtomicLong();
        NameLookup slow = (name, family, loop) -> Mono.fromCallable(() -> {
            now.set(LONG.minusMillis(50).toNanos());
            return List.of(InetAddress.getLoopbackAddress());
        });
        ContractNodes dialling =
                new ContractNodes(() -> new QuicTransport(1, UdpOptions.defaults(), true, loops -> slow, now::get));
        try (DatagramSocket deaf = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            PeerNode client =
                    dialling.start(spec -> spec.limits(NodeLimits.defaults().withConnectTimeout(LONG)));
            PeerAddress to = PeerAddress.quic("slow.test", deaf.getLocalPort());

            assertThatThrownBy(() -> client.connect(to).block(PATIENCE))
                    .isInstanceOfSatisfying(
                            ConnectException.class,
                            e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.CONNECT_FAILED))
                    .hasMessageContaining("within 300000 ms");
        } finally {
            dialling.close();
        }
    }

    /** Wherever their handshakes stand then: one that did not end would keep its loop busy for ever. */
    @Test
    void dialsThatAreGivenUpInTheMiddleOfTheirHandshakesEnd() {
        NodeLimits many = NodeLimits.defaults().withMaxConnectsPerSecond(1_000_000);
        PeerNode server = nodes.start(spec -> spec.limits(many).listen(PeerAddress.quic("127.0.0.1", 0)));
        PeerNode client = nodes.start(spec -> spec.limits(many));
        PeerAddress to = address(server);
        Random moments = new Random(1);

        await(Flux.range(0, GIVEN_UP)
                .concatMap(dial -> client.connect(to)
                        .doOnNext(PeerSession::dispose)
                        .takeUntilOther(Mono.delay(Duration.ofNanos(moments.nextInt(4_000_000)))))
                .count());

        awaitTrue("all have ended", () -> client.stats().connections().stream().allMatch(by -> by.handshaking() == 0));
        assertThat(client.close().thenReturn(true).block(PATIENCE)).isTrue();
    }

    /** Long before its time is up, where the system tells it. */
    @Test
    @EnabledIf("hearsOfClosedPorts")
    void aDiallerIsToldThatNobodyHasThePort() throws IOException {
        int port;
        try (DatagramSocket closed = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        PeerNode client = nodes.start(spec -> spec.limits(NodeLimits.defaults()
                .withConnectTimeout(Duration.ofMinutes(5))
                .withHandshakeTimeout(Duration.ofMinutes(5))));

        CloseReason reason = failure(client, PeerAddress.quic("127.0.0.1", port));

        assertThat(reason.error()).isEqualTo(ErrorCode.CONNECT_FAILED);
        assertThat(reason.detail()).contains("refused");
    }

    static boolean hearsOfClosedPorts() {
        return Epoll.isAvailable();
    }

    // ---- a listener, before the peer's HELLO

    private CloseReason accepted(Duration idle, Consumer<RawQuicClient> then) {
        PeerNode server = nodes.start(spec -> spec.listen(PeerAddress.quic("127.0.0.1", 0)));
        QuicTls tls = new QuicTls(Identity.generate());
        try (RawQuicClient client = new RawQuicClient(address(server), tls::dialling, idle)) {
            assertThat(client.isSecured()).isTrue();
            then.accept(client);
            awaitTrue(
                    "a refusal", () -> !nodes.told(server, InboundRefused.class).isEmpty());
        }
        assertThat(server.liveSessions()).isEmpty();
        return nodes.told(server, InboundRefused.class).get(0).reason();
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "true, 7", "false, 1", "false, 10"})
    void aListenerTellsThatThePeerHasClosed(boolean application, int error) {
        CloseReason reason =
                accepted(PATIENCE, client -> client.connection().close(application, error, Unpooled.EMPTY_BUFFER));

        assertThat(reason.error()).isEqualTo(ErrorCode.LINK_LOST);
    }

    @Test
    void aListenerTellsThatThePeersIdleTimeOutHasPassed() {
        CloseReason reason = accepted(Duration.ofMillis(400), client -> {});

        assertThat(reason.error()).isEqualTo(ErrorCode.LINK_LOST);
        assertThat(reason.detail()).contains("idle");
    }
}
