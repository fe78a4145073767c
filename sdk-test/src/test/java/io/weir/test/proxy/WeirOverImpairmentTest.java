package io.weir.test.proxy;

import static io.weir.test.assertj.WeirAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.WeirException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.Reliability;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.BurstLoss;
import io.weir.test.network.LinkProfile;
import io.weir.test.oracle.Delivery;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Two nodes over TCP, with the proxy between them. */
final class WeirOverImpairmentTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** For what ends by silence alone. */
    private static final NodeLimits HASTY = NodeLimits.defaults().withSilenceLimit(Duration.ofSeconds(2));

    private final PeerNode server = Weir.node()
            .listen(PeerAddress.tcp("127.0.0.1", 0))
            .onStream("numbers", StreamConfig.reliable(), stream -> stream.send(numbers(), Codec.bytes()))
            .onStream(
                    "endless",
                    StreamConfig.reliable(),
                    stream -> stream.send(numbers().repeat(), Codec.bytes()))
            .startNow(PATIENCE);
    private final PeerNode client = Weir.node().startNow(PATIENCE);
    private final PeerNode hasty = Weir.node().limits(HASTY).startNow(PATIENCE);
    private final TcpImpairment proxy =
            TcpImpairment.startNow(server.addresses().get(0), 1);

    private static Flux<byte[]> numbers() {
        return Flux.range(0, 400).map(WeirOverImpairmentTest::element);
    }

    private static byte[] element(int number) {
        return ByteBuffer.allocate(500).putInt(number).array();
    }

    private PeerSession session() {
        return client.connectNow(proxy.address(), PATIENCE);
    }

    private PeerSession hastySession() {
        return hasty.connectNow(proxy.address(), PATIENCE);
    }

    private static Flux<byte[]> receive(PeerSession session, String stream) {
        return session.openStream(stream, StreamConfig.reliable()).receive(Codec.bytes());
    }

    @AfterEach
    void close() {
        client.dispose();
        hasty.dispose();
        server.dispose();
        proxy.close();
    }

    private static void awaitEnd(PeerSession session) {
        StepVerifier.create(session.onClose())
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void transferIsWholeThroughABottleneckWithLatencyAndLoss() {
        proxy.profile(LinkProfile.PERFECT
                .withBytesPerSecond(1_250_000)
                .withLatency(Duration.ofMillis(5))
                .withJitter(Duration.ofMillis(2))
                .withBurst(new BurstLoss(0, 1, 0.005, 1))
                .withQueueLimit(25));
        Delivery<byte[]> delivery = Delivery.of("numbers", Reliability.RELIABLE);
        numbers().subscribe(delivery::sent);

        StepVerifier.create(delivery.receiving(receive(session(), "numbers")))
                .expectNextCount(400)
                .expectComplete()
                .verify(PATIENCE);
        delivery.checkComplete();
        assertThat(proxy.decisions(Way.TO_CLIENT)).hasSizeGreaterThan(400 * 500 / 1_460);
    }

    @Test
    void resetInATransferLosesTheSession() {
        PeerSession session = session();
        StepVerifier.create(receive(session, "endless"))
                .expectNextCount(1_000)
                .then(proxy::reset)
                .thenConsumeWhile(element -> true)
                .consumeErrorWith(e -> assertThat((WeirException) e)
                        .isInstanceOf(SessionClosedException.class)
                        .hasCode(ErrorCode.LINK_LOST)
                        .isRetryable())
                .verify(PATIENCE);
        awaitEnd(session);
        assertThat(session).isLost().endedWith(ErrorCode.LINK_LOST);
    }

    @Test
    void partitionLongerThanTheSilenceLimitLosesTheSession() {
        PeerSession session = hastySession();
        proxy.partition();
        awaitEnd(session);
        assertThat(session).isLost().endedWith(ErrorCode.SILENCE);

        proxy.heal();
        assertThat(session()).isReady();
    }

    @Test
    void oneWayPartitionLosesTheSessionOfTheEndThatHearsNothing() {
        PeerSession session = hastySession();
        proxy.partition(Way.TO_CLIENT);
        awaitEnd(session);
        assertThat(session).isLost().endedWith(ErrorCode.SILENCE);
    }

    @Test
    void damageThatNoChecksumBetraysEndsTheSessionByItsCipher() {
        PeerSession session = hastySession();
        proxy.corruptionBeyondChecksum(Way.TO_CLIENT, 1);
        Mono<Void> end = receive(session, "endless").then();
        StepVerifier.create(end)
                .consumeErrorWith(e -> assertThat((WeirException) e).isInstanceOf(SessionClosedException.class))
                .verify(PATIENCE);
        awaitEnd(session);
        assertThat(session).isClosed().closeReason().isLocal();
        assertThat(Objects.requireNonNull(session.onClose().block(PATIENCE)).error())
                .isIn(ErrorCode.DECRYPTION_FAILED, ErrorCode.MALFORMED_FRAME, ErrorCode.SILENCE);
    }

    @Test
    void halfClosedLinkLosesTheSession() {
        PeerSession session = session();
        proxy.halfClose(Way.TO_CLIENT);
        awaitEnd(session);
        assertThat(session).isLost().endedWith(ErrorCode.LINK_LOST);
    }

    @Test
    void cleanEndGetsThrough() {
        PeerSession session = session();
        Mono<PeerEvent.ConnectionClosed> told =
                server.events().ofType(PeerEvent.ConnectionClosed.class).next();
        StepVerifier.create(told)
                .then(session::dispose)
                .assertNext(closed -> assertThat(closed.reason()).isClean().isRemote())
                .expectComplete()
                .verify(PATIENCE);
        awaitEnd(session);
        assertThat(session).isClosedCleanly();
    }
}
