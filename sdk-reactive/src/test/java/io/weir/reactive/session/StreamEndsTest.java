package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** How a publisher's and a subscriber's end are seen at the far end. */
class StreamEndsTest {

    @Test
    void completionArrivesAfterTheLastElementAndSendCompletesWhenAllIsConsumed() {
        AtomicReference<Boolean> sent = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "numbers",
                stream -> stream.send(Flux.range(1, 1000).map(String::valueOf), Codec.utf8())
                        .doOnSuccess(v -> sent.set(true))))) {
            PeerStream stream = pair.session.openStream("numbers", StreamConfig.reliable());
            StepVerifier.create(stream.receive(Codec.utf8()))
                    .then(pair::settle)
                    .expectNextCount(999)
                    .expectNext("1000")
                    .verifyComplete();
            pair.settle();
            assertThat(sent.get()).isTrue();
        }
    }

    @Test
    void errorBecomesResetWithACodeButWithoutTheText() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "broken",
                stream -> stream.send(
                        Flux.just("a", "b").concatWith(Flux.error(new IllegalStateException("secret"))),
                        Codec.utf8())))) {
            StepVerifier.create(pair.session
                            .openStream("broken", StreamConfig.reliable())
                            .receive(Codec.utf8()))
                    .then(pair::settle)
                    .expectNext("a", "b")
                    .expectErrorSatisfies(e -> {
                        assertThat(e).isInstanceOf(StreamReset.class).hasMessageNotContaining("secret");
                        assertThat(((StreamReset) e).reason().error()).isEqualTo(ErrorCode.APPLICATION_ERROR);
                    })
                    .verify();
        }
    }

    @Test
    void cancellingReceiveCancelsTheRemotePublisherAndFailsItsSend() {
        TestPublisher<String> publisher = TestPublisher.create();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "live", stream -> stream.send(publisher, Codec.utf8()).doOnError(failure::set)))) {
            List<String> got = new ArrayList<>();
            Disposable receiving = pair.session
                    .openStream("live", StreamConfig.reliable())
                    .receive(Codec.utf8())
                    .subscribe(got::add);
            pair.settle();
            publisher.next("one");
            pair.settle();
            receiving.dispose();
            pair.settle();
            publisher.assertCancelled();
            assertThat(got).containsExactly("one");
            assertThat(failure.get()).isInstanceOf(StreamStopped.class);
            assertThat(((StreamStopped) failure.get()).reason().error()).isEqualTo(ErrorCode.CANCELLED);
        }
    }

    @Test
    void cancellingSendResetsTheHalf() {
        Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
        try (NodePair pair = NodePair.of(spec ->
                spec.onStream("sink", stream -> stream.receive(Codec.utf8()).then()))) {
            AtomicReference<Throwable> seen = new AtomicReference<>();
            PeerStream stream = pair.session.openStream("up", StreamConfig.reliable());
            pair.serverSession()
                    .streams()
                    .flatMap(incoming -> incoming.receive(Codec.utf8()))
                    .subscribe(v -> {}, seen::set);
            Disposable sending = stream.send(source.asFlux(), Codec.utf8()).subscribe();
            source.tryEmitNext("x");
            pair.settle();
            sending.dispose();
            pair.settle();
            assertThat(seen.get()).isInstanceOf(StreamReset.class);
            assertThat(((StreamReset) seen.get()).reason().error()).isEqualTo(ErrorCode.CANCELLED);
        }
    }

    @Test
    void resetReachesAFirstSubscriberThatComesAfterIt() {
        AtomicReference<PeerStream> incoming = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("up", stream -> {
            incoming.set(stream);
            return Mono.never();
        }))) {
            Disposable sending = pair.session
                    .openStream("up", StreamConfig.reliable())
                    .send(Flux.just("x").concatWith(Flux.never()), Codec.utf8())
                    .subscribe();
            pair.settle();
            sending.dispose();
            pair.settle();

            StepVerifier.create(incoming.get().receive(Codec.utf8()))
                    .then(pair::settle)
                    .verifyErrorSatisfies(
                            e -> assertThat(((StreamReset) e).reason().error()).isEqualTo(ErrorCode.CANCELLED));
        }
    }

    @Test
    void endOfTheSessionReachesAFirstSubscriberThatComesAfterIt() {
        AtomicReference<PeerStream> incoming = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("up", stream -> {
            incoming.set(stream);
            return Mono.never();
        }))) {
            pair.session
                    .openStream("up", StreamConfig.reliable())
                    .send(Flux.just("x").concatWith(Flux.never()), Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            pair.settle();
            pair.session.dispose();
            pair.settle();

            StepVerifier.create(incoming.get().receive(Codec.utf8()))
                    .then(pair::settle)
                    .expectNext("x")
                    .verifyError(SessionClosedException.class);
        }
    }

    @Test
    void aSubscriberThatStopsAskingStopsTheRemotePublisherWithinItsWindow() {
        java.util.concurrent.atomic.AtomicLong emitted = new java.util.concurrent.atomic.AtomicLong();
        byte[] payload = new byte[1008]; // costs 1,024
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "flood",
                stream -> stream.send(
                        Flux.generate(sink -> {
                            emitted.incrementAndGet();
                            sink.next(payload);
                        }),
                        Codec.bytes())))) {
            StepVerifier.create(
                            pair.session
                                    .openStream("flood", StreamConfig.reliable())
                                    .receive(Codec.bytes()),
                            0)
                    .then(pair::settle)
                    .then(() -> assertThat(emitted.get()).isBetween(64L, 64L + 64))
                    .thenRequest(20)
                    .then(pair::settle)
                    .expectNextCount(20)
                    .then(() -> assertThat(emitted.get()).isBetween(84L, 84L + 64))
                    .thenCancel()
                    .verify();
        }
    }
}
