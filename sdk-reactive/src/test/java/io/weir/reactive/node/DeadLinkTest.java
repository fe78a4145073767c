package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** On real sockets: a link that goes dead without FIN or reset is noticed at both ends. */
@Timeout(60)
class DeadLinkTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(1);

    @Test
    void aPeerBehindADeadLinkIsLostAtBothEnds() {
        NodeLimits limits = NodeLimits.defaults().withSilenceLimit(LIMIT);
        PeerNode server = ServedStreams.on(Weir.node())
                .limits(limits)
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .startNow(PATIENCE);
        PeerNode client = Weir.node().limits(limits).startNow(PATIENCE);
        try (DeadProxy proxy = new DeadProxy(server.addresses().get(0))) {
            Flux<PeerEvent> atServer = server.events().replay().autoConnect(0);
            Flux<PeerEvent> atClient = client.events().replay().autoConnect(0);
            PeerSession session = client.connectNow(proxy.address(), PATIENCE);
            StepVerifier.create(session.openStream("source", StreamConfig.reliable())
                            .receive(Codec.bytes())
                            .take(1_000))
                    .expectNextCount(1_000)
                    .expectComplete()
                    .verify(PATIENCE);
            StepVerifier.create(session.ping())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(PATIENCE);

            proxy.cut();

            StepVerifier.create(session.ping())
                    .expectErrorSatisfies(e -> assertThat(
                                    ((SessionClosedException) e).reason().error())
                            .isEqualTo(ErrorCode.SILENCE))
                    .verify(PATIENCE);
            assertLost(atServer);
            assertLost(atClient);
        } finally {
            client.dispose();
            server.dispose();
        }
    }

    private static void assertLost(Flux<PeerEvent> events) {
        StepVerifier.create(events.ofType(ConnectionLost.class).next())
                .assertNext(lost -> {
                    assertThat(lost.reason()).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
                    assertThat(lost.silence()).isGreaterThanOrEqualTo(LIMIT);
                })
                .expectComplete()
                .verify(PATIENCE);
    }
}
