package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The window of a stream's configuration holds before any demand, also where it is smaller than the node's first one. */
class FirstWindowTest {

    private static final int COST = 16 + 1;
    private static final int ELEMENTS = 10_000;

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 33, 34, 100, 2_000, 65_535, 65_536, 100_000})
    void aStreamOpenedHereHoldsItsWindowBeforeDemand(int window) {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "all", stream -> stream.send(Flux.range(0, ELEMENTS).map(i -> "x"), Codec.utf8())))) {
            PeerStream stream =
                    pair.session.openStream("all", StreamConfig.reliable().withFixedWindow(window));
            Held held = new Held();
            stream.receive(Codec.utf8()).subscribe(held);
            pair.settle();
            assertThat(stream.stats().inboundPending()).isEqualTo(window / COST);

            held.request(Long.MAX_VALUE);
            pair.settle();
            assertThat(held.got).hasSize(ELEMENTS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 2_000, 65_536, 100_000})
    void aDeclaredHandlersStreamHoldsItsWindowBeforeDemand(int window) {
        AtomicReference<PeerStream> incoming = new AtomicReference<>();
        Held held = new Held();
        try (NodePair pair = NodePair.of(spec ->
                spec.onStream("small", StreamConfig.reliable().withFixedWindow(window), stream -> {
                    incoming.set(stream);
                    stream.receive(Codec.utf8()).subscribe(held);
                    return Mono.never();
                }))) {
            pair.session
                    .openStream("small", StreamConfig.reliable())
                    .send(Flux.range(0, ELEMENTS).map(i -> "x"), Codec.utf8())
                    .subscribe();
            pair.settle();
            assertThat(incoming.get().stats().inboundPending()).isEqualTo(window / COST);

            held.request(Long.MAX_VALUE);
            pair.settle();
            assertThat(held.got).hasSize(ELEMENTS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {50_000, 0})
    void aStreamThatWantsMoreThanTheSmallestHandlerIsGivenItBesideTheAnswer(int window) {
        AtomicReference<PeerStream> incoming = new AtomicReference<>();
        StreamConfig config = window == 0
                ? StreamConfig.reliable().withWindow(0)
                : StreamConfig.reliable().withFixedWindow(window);
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                        "small", StreamConfig.reliable().withFixedWindow(500), stream -> Mono.never())
                .onStream("large", config, stream -> {
                    incoming.set(stream);
                    stream.receive(Codec.utf8()).subscribe(new Held());
                    return Mono.never();
                }))) {
            assertThat(SessionProbe.context(pair.session).peerHello().initialWindow())
                    .isEqualTo(500);
            PeerStream large = pair.session.openStream("large", StreamConfig.reliable());
            large.send(Flux.range(0, ELEMENTS).map(i -> "x"), Codec.utf8()).subscribe();
            pair.settle();

            if (window == 0) { // grows whatever the subscriber asks for
                assertThat(incoming.get().stats().inboundPending()).isGreaterThanOrEqualTo(65_536 / COST);
            } else {
                assertThat(incoming.get().stats().inboundPending()).isEqualTo(window / COST);
                assertThat(large.stats().creditGrantsReceived()).isOne();
            }
        }
    }

    @Test
    void whatASmallWindowDoesNotNeedIsReleased() {
        try (NodePair pair =
                NodePair.of(spec -> spec.onStream("all", stream -> stream.send(Flux.never(), Codec.utf8())))) {
            pair.session
                    .openStream("all", StreamConfig.reliable())
                    .receive(Codec.utf8())
                    .subscribe();
            pair.settle();
            long before = pair.client.reservedBytes();

            pair.session
                    .openStream(
                            StreamId.of("other"),
                            StreamOpen.named("all"),
                            StreamConfig.reliable().withFixedWindow(2_000))
                    .receive(Codec.utf8())
                    .subscribe();
            pair.settle();
            long one = pair.client.reservedBytes() - before;

            // its own window, and at most one more promise to the peer
            assertThat(one % 65_536).isEqualTo(2_000);
        }
    }

    /** Takes nothing until it is told to. */
    private static final class Held extends BaseSubscriber<String> {
        private final List<String> got = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(String value) {
            got.add(value);
        }
    }
}
