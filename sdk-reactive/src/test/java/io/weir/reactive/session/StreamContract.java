package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What a stream does on every transport: ends, demand, isolation. */
public abstract class StreamContract {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** The cost of an element of 1,008 bytes divides the first window exactly: 64 of them fit. */
    private static final int PAYLOAD = 1_008;

    private static final int PER_WINDOW = 65_536 / (PAYLOAD + 16);

    private final Sinks.One<Throwable> sendFailure = Sinks.one();
    private final Sinks.Empty<Void> sendDone = Sinks.empty();
    private final Sinks.Empty<Void> publisherCancelled = Sinks.empty();
    private final Sinks.Empty<Void> collecting = Sinks.empty();
    private final AtomicLong emitted = new AtomicLong();
    private final StreamWorld world;
    private final PeerNode server;
    private final PeerNode client;
    private final PeerSession session;

    protected StreamContract(StreamWorld world) {
        this.world = world;
        server = world.await(world.server()
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
                                .doOnSubscribe(s -> collecting.tryEmitEmpty())
                                .doOnError(e -> sendFailure.tryEmitValue(e))
                                .then())
                .start());
        client = world.await(world.client().start());
        session = world.await(client.connect(server.addresses().get(0)));
    }

    @AfterEach
    void close() {
        world.await(Mono.when(client.close(), server.close()).thenReturn(1));
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
        StepVerifier.create(world.within(open("numbers").receive(Codec.utf8())))
                .expectNextCount(9_999)
                .expectNext("10000")
                .expectComplete()
                .verify(TIMEOUT);
        StepVerifier.create(world.within(sendDone.asMono())).expectComplete().verify(TIMEOUT);
    }

    @Test
    void everySubscriberHasAStreamOfItsOwn() {
        Flux<String> numbers = session.subscribe("numbers", Codec.utf8());
        Mono<Long> whole = numbers.index()
                .doOnNext(n -> assertThat(n.getT2()).isEqualTo("" + (n.getT1() + 1)))
                .count();
        Mono<Long> part = numbers.take(10).count();
        StepVerifier.create(world.within(Flux.range(0, 30)
                        .flatMap(n -> n % 3 == 0 ? part : whole, 30)
                        .reduce(0L, Long::sum)))
                .expectNext(20 * 10_000L + 10 * 10)
                .expectComplete()
                .verify(TIMEOUT);
        assertThat(session.openStats().waiting()).isZero();
    }

    @Test
    void failureOfThePublisherFailsTheSubscriberWithACode() {
        StepVerifier.create(world.within(open("broken").receive(Codec.utf8())))
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
                .then(() -> world.await(collecting.asMono().thenReturn(1)))
                .thenCancel()
                .verify(TIMEOUT);
        StepVerifier.create(world.within(sendFailure.asMono()))
                .expectNextMatches(
                        e -> e instanceof StreamReset reset && reset.reason().error() == ErrorCode.CANCELLED)
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void cancellationOfTheSubscriberCancelsThePublisherAndFailsTheSend() {
        StepVerifier.create(world.within(open("flood").receive(Codec.bytes())))
                .expectNextCount(1_000)
                .thenCancel()
                .verify(TIMEOUT);
        StepVerifier.create(world.within(publisherCancelled.asMono()))
                .expectComplete()
                .verify(TIMEOUT);
        StepVerifier.create(world.within(sendFailure.asMono()))
                .expectNextMatches(e ->
                        e instanceof StreamStopped stopped && stopped.reason().error() == ErrorCode.CANCELLED)
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void aStalledSubscriberStopsTheRemotePublisherWithinItsWindow() {
        PeerStream stalled = session.openStream("flood", StreamConfig.reliable().withFixedWindow(65_536));
        AtomicLong received = new AtomicLong();
        StepVerifier.create(stalled.receive(Codec.bytes()).doOnNext(element -> received.incrementAndGet()), 0)
                .then(() -> awaitFullWindow(stalled))
                .then(this::aSiblingGoesThrough)
                .then(() -> assertThat(emitted.get()).isBetween((long) PER_WINDOW, PER_WINDOW + 256L))
                .thenRequest(3 * PER_WINDOW)
                .then(() -> world.awaitTrue(() -> received.get() == 3 * PER_WINDOW))
                .expectNextCount(3 * PER_WINDOW)
                .then(() -> awaitFullWindow(stalled))
                .then(() -> assertThat(stalled.stats().inboundPending()).isLessThanOrEqualTo(PER_WINDOW))
                .thenCancel()
                .verify(TIMEOUT);
    }

    /** Whole streams pass beside the stalled one, and each is a round trip behind what was sent before it. */
    private void aSiblingGoesThrough() {
        for (int i = 0; i < 3; i++) {
            StepVerifier.create(world.within(session.openStream(
                                    StreamId.of("sibling " + i), StreamOpen.named("numbers"), StreamConfig.reliable())
                            .receive(Codec.utf8())))
                    .expectNextCount(10_000)
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    private void awaitFullWindow(PeerStream stream) {
        world.awaitTrue(() -> stream.stats().inboundPending() >= PER_WINDOW);
    }
}
