package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.error.WeirException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.lanes.Delays;
import io.weir.reactive.transport.lanes.LaneTransport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import io.weir.reactive.transport.packets.LossyTransport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What a stream does on every transport, in real time: ends, demand, isolation. */
class StreamContractTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** The cost of an element of 1,008 bytes divides the first window exactly: 64 of them fit. */
    private static final int PAYLOAD = 1_008;

    private static final Delays DELAYS = Delays.ofNanos(Duration.ofMillis(1).toNanos());

    private static final int PER_WINDOW = 65_536 / (PAYLOAD + 16);

    @Nested
    class InMemory extends Contract {
        InMemory() {
            super(onNetwork(MemoryNetwork.on(Schedulers.parallel())), PeerAddress.memory("server"));
        }

        private static Supplier<PeerNodeSpec> onNetwork(MemoryNetwork network) {
            return () -> Weir.node().transport(network.transport());
        }
    }

    /** No order is kept between control and the DATA of each half. */
    @Nested
    class InLanes extends Contract {
        InLanes() {
            super(onNetwork(MemoryNetwork.on(Schedulers.parallel())), PeerAddress.memory("server"));
        }

        private static Supplier<PeerNodeSpec> onNetwork(MemoryNetwork network) {
            return () -> Weir.node().transport(new LaneTransport(network.transport(), Delays.OF_TURNS, 1));
        }
    }

    /** Packets are lost, come late and keep no order at all. */
    @Nested
    class InPackets extends Contract {
        InPackets() {
            super(onNetwork(MemoryNetwork.on(Schedulers.parallel())), PeerAddress.memory("server"));
        }

        private static Supplier<PeerNodeSpec> onNetwork(MemoryNetwork network) {
            return () -> Weir.node().transport(new LossyTransport(network.transport(), DELAYS, 1));
        }
    }

    @Nested
    class OverTcp extends Contract {
        OverTcp() {
            super(Weir::node, PeerAddress.tcp("127.0.0.1", 0));
        }
    }

    abstract static class Contract {

        private final Sinks.One<Throwable> sendFailure = Sinks.one();
        private final Sinks.Empty<Void> sendDone = Sinks.empty();
        private final Sinks.Empty<Void> publisherCancelled = Sinks.empty();
        private final AtomicLong emitted = new AtomicLong();
        private final PeerNode server;
        private final PeerNode client;
        private final PeerSession session;

        Contract(Supplier<PeerNodeSpec> spec, PeerAddress address) {
            server = spec.get()
                    .listen(address)
                    .onStream(
                            "numbers",
                            stream -> observed(stream.send(Flux.range(1, 10_000).map(String::valueOf), Codec.utf8())))
                    .onStream(
                            "broken",
                            stream -> observed(stream.send(
                                    Flux.just("a").concatWith(Flux.error(new IllegalStateException("secret"))),
                                    Codec.utf8())))
                    .onStream("flood", stream -> observed(stream.send(flood(), Codec.bytes())))
                    .onStream(
                            "collect",
                            stream -> stream.receive(Codec.utf8())
                                    .doOnError(e -> sendFailure.tryEmitValue(e))
                                    .then())
                    .startNow(TIMEOUT);
            client = spec.get().startNow(TIMEOUT);
            session = client.connectNow(server.addresses().get(0), TIMEOUT);
        }

        @AfterEach
        void close() {
            Mono.when(client.close(), server.close()).block(TIMEOUT);
        }

        private Mono<Void> observed(Mono<Void> send) {
            return send.doOnError(sendFailure::tryEmitValue).doOnSuccess(v -> sendDone.tryEmitEmpty());
        }

        private Flux<byte[]> flood() {
            byte[] payload = new byte[PAYLOAD];
            return Flux.<byte[]>generate(sink -> {
                        emitted.incrementAndGet();
                        sink.next(payload);
                    })
                    .doOnCancel(publisherCancelled::tryEmitEmpty);
        }

        private PeerStream open(String name) {
            return session.openStream(name, StreamConfig.reliable());
        }

        @Test
        void completionOfThePublisherCompletesTheSubscriberAndThenTheSend() {
            StepVerifier.create(open("numbers").receive(Codec.utf8()))
                    .expectNextCount(9_999)
                    .expectNext("10000")
                    .expectComplete()
                    .verify(TIMEOUT);
            StepVerifier.create(sendDone.asMono()).expectComplete().verify(TIMEOUT);
        }

        @Test
        void everySubscriberHasAStreamOfItsOwn() {
            Flux<String> numbers = session.subscribe("numbers", Codec.utf8());
            Mono<Long> whole = numbers.index()
                    .doOnNext(n -> assertThat(n.getT2()).isEqualTo("" + (n.getT1() + 1)))
                    .count();
            Mono<Long> part = numbers.take(10).count();
            StepVerifier.create(Flux.range(0, 30)
                            .flatMap(n -> n % 3 == 0 ? part : whole, 30)
                            .reduce(0L, Long::sum))
                    .expectNext(20 * 10_000L + 10 * 10)
                    .expectComplete()
                    .verify(TIMEOUT);
            assertThat(session.openStats().waiting()).isZero();
        }

        @Test
        void failureOfThePublisherFailsTheSubscriberWithACode() {
            StepVerifier.create(open("broken").receive(Codec.utf8()))
                    .expectNext("a")
                    .expectErrorSatisfies(e -> {
                        assertThat(e).isInstanceOf(StreamReset.class).hasMessageNotContaining("secret");
                        assertThat(((WeirException) e).reason().error()).isEqualTo(ErrorCode.APPLICATION_ERROR);
                    })
                    .verify(TIMEOUT);
        }

        @Test
        void cancellationOfTheSendFailsTheSubscriber() {
            StepVerifier.create(open("collect").send(Flux.<String>never(), Codec.utf8()))
                    .thenAwait(Duration.ofMillis(50))
                    .thenCancel()
                    .verify(TIMEOUT);
            StepVerifier.create(sendFailure.asMono())
                    .expectNextMatches(e ->
                            e instanceof StreamReset reset && reset.reason().error() == ErrorCode.CANCELLED)
                    .expectComplete()
                    .verify(TIMEOUT);
        }

        @Test
        void cancellationOfTheSubscriberCancelsThePublisherAndFailsTheSend() {
            StepVerifier.create(open("flood").receive(Codec.bytes()))
                    .expectNextCount(1_000)
                    .thenCancel()
                    .verify(TIMEOUT);
            StepVerifier.create(publisherCancelled.asMono()).expectComplete().verify(TIMEOUT);
            StepVerifier.create(sendFailure.asMono())
                    .expectNextMatches(e -> e instanceof StreamStopped stopped
                            && stopped.reason().error() == ErrorCode.CANCELLED)
                    .expectComplete()
                    .verify(TIMEOUT);
        }

        @Test
        void aStalledSubscriberStopsTheRemotePublisherWithinItsWindow() {
            PeerStream stalled =
                    session.openStream("flood", StreamConfig.reliable().withFixedWindow(65_536));
            StepVerifier.create(stalled.receive(Codec.bytes()), 0)
                    .then(() -> awaitFullWindow(stalled))
                    .then(this::aSiblingGoesThrough)
                    .then(() -> assertThat(emitted.get()).isBetween((long) PER_WINDOW, PER_WINDOW + 256L))
                    .thenRequest(3 * PER_WINDOW)
                    .expectNextCount(3 * PER_WINDOW)
                    .then(() -> awaitFullWindow(stalled))
                    .then(() -> assertThat(stalled.stats().inboundPending()).isLessThanOrEqualTo(PER_WINDOW))
                    .thenCancel()
                    .verify(TIMEOUT);
        }

        /** Whole streams pass beside the stalled one, and each is a round trip behind what was sent before it. */
        private void aSiblingGoesThrough() {
            for (int i = 0; i < 3; i++) {
                StepVerifier.create(session.openStream(
                                        StreamId.of("sibling " + i),
                                        StreamOpen.named("numbers"),
                                        StreamConfig.reliable())
                                .receive(Codec.utf8()))
                        .expectNextCount(10_000)
                        .expectComplete()
                        .verify(TIMEOUT);
            }
        }

        private static void awaitFullWindow(PeerStream stream) {
            Flux.interval(Duration.ofMillis(5))
                    .takeUntil(tick -> stream.stats().inboundPending() >= PER_WINDOW)
                    .blockLast(TIMEOUT);
        }
    }
}
