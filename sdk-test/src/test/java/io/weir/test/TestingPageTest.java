package io.weir.test;

import static io.weir.test.assertj.WeirAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.WeirException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.Reliability;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import io.weir.test.oracle.Delivery;
import io.weir.test.probe.FluxProbe;
import io.weir.test.probe.ReceiveProbe;
import io.weir.test.probe.StreamProbe;
import io.weir.test.proxy.TcpImpairment;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Every Java snippet of docs-site/testing.md, word for word, as a test. */
final class TestingPageTest {

    static final class Shop {
        static PeerNodeSpec declare(PeerNodeSpec spec) {
            return spec.onStream("ticks", stream -> stream.send(Flux.range(1, 1_000), Codec.json(Integer.class)))
                    .onStream(
                            "live",
                            stream ->
                                    stream.send(Flux.just(1, 2, 3).concatWith(Flux.never()), Codec.json(Integer.class)))
                    .onRequest(
                            "price",
                            RequestHandler.typed(
                                    Codec.utf8(), Codec.json(Integer.class), symbol -> Mono.just(symbol.length())));
        }
    }

    @Nested
    @ExtendWith(WeirNodes.class)
    class ShopTest {

        @Test
        void tellsThePrice(TestNodesSpec spec) {
            TestNodes nodes = spec.node("client").node("shop", Shop::declare).start();

            StepVerifier.create(nodes.session().request("price", "ACME", Codec.utf8(), Codec.json(Integer.class)))
                    .expectNext(4)
                    .verifyComplete();
        }
    }

    @Nested
    class TicksTest {

        @RegisterExtension
        static final WeirNodes NODES =
                WeirNodes.of(TestNodes.spec().node("client").node("shop", Shop::declare));

        @Test
        void tick(TestNodes nodes) {
            Flux<Integer> ticks = nodes.session().subscribe("ticks", Codec.json(Integer.class));
            StepVerifier.create(ticks).expectNextCount(1_000).verifyComplete();
        }
    }

    @Test
    void pair() {
        try (TestNodes nodes = TestNodes.pair(a -> a, b -> Shop.declare(b))) {
            StepVerifier.create(nodes.session().request("price", "ACME", Codec.utf8(), Codec.json(Integer.class)))
                    .expectNext(4)
                    .verifyComplete();

            Flux<Integer> ticks = nodes.session().subscribe("ticks", Codec.json(Integer.class));
            StepVerifier.create(ticks).expectNextCount(1_000).verifyComplete();

            assertThat(nodes).hasNoLeaks();
        }
    }

    @Test
    void time() {
        try (TestNodes nodes = TestNodes.spec()
                .profile(LinkProfile.G3) // 100 ms, 2 % of loss, 2 Mbit/s
                .node("client")
                .node("shop", Shop::declare)
                .start()) {
            Flux<Integer> ticks = nodes.session().subscribe("ticks", Codec.json(Integer.class));
            StepVerifier.create(nodes.within(Duration.ofSeconds(30), ticks))
                    .expectNextCount(1_000)
                    .verifyComplete();
        }
    }

    @Test
    void steps() {
        try (TestNodes nodes = TestNodes.spec()
                .profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(100)))
                .node("client")
                .node("shop", Shop::declare)
                .start()) {
            Flux<Integer> ticks = nodes.session().subscribe("ticks", Codec.json(Integer.class));
            StepVerifier.create(ticks, 1)
                    .then(() -> nodes.advance(Duration.ofMillis(200))) // there and back
                    .expectNext(1)
                    .thenRequest(2) // has arrived already: the window is prefetch
                    .expectNext(2, 3)
                    .thenCancel()
                    .verify();
        }
    }

    @Test
    void loss() {
        try (TestNodes nodes = TestNodes.pair(a -> a, Shop::declare)) {
            PeerSession session = nodes.session();
            Flux<Integer> live = session.subscribe("live", Codec.json(Integer.class));
            StepVerifier.create(live, 1)
                    .expectNext(1)
                    .then(() -> nodes.link().lose())
                    .thenRequest(Long.MAX_VALUE)
                    .expectNext(2, 3) // they were here already
                    .verifyError(SessionClosedException.class);
            assertThat(session).isLost().endedWith(ErrorCode.LINK_LOST);

            PeerSession next = nodes.connect("a", "b");
            assertThat(next).isReady();
        }
    }

    @Test
    void silence() {
        try (TestNodes nodes = TestNodes.pair()) {
            nodes.link().partition();
            nodes.advance(Duration.ofSeconds(16)); // the silence limit is 15 s
            assertThat(nodes.session())
                    .isLost()
                    .endedWith(ErrorCode.SILENCE)
                    .closeReason()
                    .isRetryable();

            nodes.link().heal();
            assertThat(nodes.connect("a", "b")).isReady();
        }
    }

    @Test
    void probes() {
        Flux<byte[]> source = Flux.generate(sink -> sink.next(new byte[1_008]));
        FluxProbe<byte[]> published = FluxProbe.of(source);
        try (TestNodes nodes = TestNodes.pair(
                a -> a, b -> b.onStream("bytes", stream -> stream.send(published.flux(), Codec.bytes())))) {
            StreamConfig fixed = StreamConfig.reliable().withFixedWindow(65_536);
            StreamProbe stream = StreamProbe.of(nodes.session().openStream("bytes", fixed));
            ReceiveProbe<byte[]> bytes = stream.receive(Codec.bytes());

            assertThat(bytes.requested()).isZero();
            assertThat(stream).hasHeld(64); // 65,536 of window / (16 + 1,008) for each
            assertThat(published.isCompleted()).isFalse();

            bytes.request(100);
            assertThat(bytes.received()).hasSize(100);
            assertThat(stream.held()).isEqualTo(64);

            bytes.cancel();
            assertThat(published.isCancelled()).isTrue();
        }
    }

    @Test
    void oracles() {
        List<Integer> numbers = List.of(3, 1, 4, 1, 5, 9, 2, 6);
        Delivery<Integer> delivery = Delivery.of("numbers", Reliability.RELIABLE);
        try (TestNodes nodes = TestNodes.spec()
                .seed(7)
                .scenario(Scenario.TRANSFER_LOSS)
                .node("client")
                .node(
                        "server",
                        spec -> spec.onStream(
                                "numbers",
                                StreamConfig.reliable(),
                                stream -> stream.send(
                                        delivery.sending(Flux.fromIterable(numbers)), Codec.json(Integer.class))))
                .start()) {
            Flux<Integer> received = nodes.session()
                    .openStream("numbers", StreamConfig.reliable())
                    .receive(Codec.json(Integer.class));
            StepVerifier.create(nodes.within(Duration.ofMinutes(1), delivery.receiving(received)))
                    .expectNextCount(8)
                    .verifyComplete();
            delivery.checkComplete();
        }
    }

    @Test
    void failures() {
        try (TestNodes nodes = TestNodes.pair()) {
            nodes.session().dispose();
            StepVerifier.create(nodes.session().request("price", "ACME", Codec.utf8(), Codec.utf8()))
                    .verifyErrorSatisfies(e -> assertThat((WeirException) e)
                            .hasCode(ErrorCode.GOING_AWAY)
                            .isRetryable());
        }
    }

    @Test
    void sockets() {
        PeerNode shop = Shop.declare(Weir.node())
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .startNow(Duration.ofSeconds(20));
        PeerNode client = Weir.node().startNow(Duration.ofSeconds(20));
        try (TcpImpairment proxy = TcpImpairment.startNow(shop.addresses().get(0), 7)) { // 7 is the seed
            proxy.profile(LinkProfile.WIFI);
            PeerSession session = client.connectNow(proxy.address(), Duration.ofSeconds(20));

            StepVerifier.create(session.onClose())
                    .then(proxy::reset)
                    .assertNext(reason ->
                            assertThat(reason).hasCode(ErrorCode.LINK_LOST).isRetryable())
                    .expectComplete()
                    .verify(Duration.ofSeconds(20));
        } finally {
            client.dispose();
            shop.dispose();
        }
    }
}
