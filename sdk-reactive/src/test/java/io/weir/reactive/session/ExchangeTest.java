package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.WeirException;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.operator.PeerRetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** {@link io.weir.reactive.PeerCalls#exchange}: request-stream and channel, with their ends in both directions. */
class ExchangeTest {

    private final List<String> values = new ArrayList<>();
    private final List<String> server = new ArrayList<>();

    @Test
    void oneValueAsksForAStream() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "count",
                stream -> stream.send(
                        stream.receive(Codec.json(Integer.class)).flatMap(n -> Flux.range(1, n)),
                        Codec.json(Integer.class))))) {
            Probe probe = exchange(pair, "count", Mono.just(5));
            pair.settle();
            assertThat(probe.signals).containsExactly("1", "2", "3", "4", "5", "complete");
        }
    }

    @Test
    void manyValuesAreAnsweredAsTheyCome() {
        Sinks.Many<Integer> source = Sinks.many().unicast().onBackpressureBuffer();
        try (NodePair pair = doubling()) {
            Probe probe = exchange(pair, "double", source.asFlux());
            source.tryEmitNext(1);
            pair.settle();
            assertThat(probe.signals).containsExactly("2");
            source.tryEmitNext(2);
            source.tryEmitComplete();
            pair.settle();
            assertThat(probe.signals).containsExactly("2", "4", "complete");
        }
    }

    @Test
    void eachSubscriptionHasAStreamOfItsOwn() {
        try (NodePair pair = doubling()) {
            Flux<Integer> flux =
                    pair.session.exchange("double", Flux.just(1), Codec.json(Integer.class), Codec.json(Integer.class));
            Probe first = new Probe(Long.MAX_VALUE);
            Probe second = new Probe(Long.MAX_VALUE);
            flux.subscribe(first);
            flux.subscribe(second);
            pair.settle();
            assertThat(first.signals).containsExactly("2", "complete");
            assertThat(second.signals).containsExactly("2", "complete");
        }
    }

    @Test
    void headersAndConfigurationGoAlong() {
        List<PeerStream> handled = new ArrayList<>();
        StreamConfig config = StreamConfig.fireAndForget().withFixedWindow(2_048);
        try (NodePair pair = NodePair.of(spec -> spec.onStream("double", stream -> {
            handled.add(stream);
            return stream.send(Flux.<Integer>never().startWith(Flux.range(1, 1_000)), Codec.json(Integer.class));
        }))) {
            Hearing heard = new Hearing(
                    pair.session.exchange(
                            StreamOpen.named("double").withHeader("by", "two"),
                            config,
                            Flux.never(),
                            Codec.json(Integer.class),
                            Codec.json(Integer.class)),
                    0);
            pair.settle();
            PeerStream stream = handled.get(0);
            assertThat(stream.headers().text("by")).isEqualTo("two");
            assertThat(stream.config().reliability()).isEqualTo(config.reliability());
            assertThat(stream.stats().txWindow()).as("this side's window").isEqualTo(2_048);
            heard.cancel();
            pair.settle();
        }
    }

    @Test
    void demandHoldsBothPublishers() {
        AtomicLong made = new AtomicLong();
        try (NodePair pair = doubling()) {
            Probe probe = new Probe(0);
            pair.session
                    .exchange(
                            "double",
                            Flux.<Integer>generate(sink -> sink.next((int) made.incrementAndGet())),
                            Codec.json(Integer.class),
                            Codec.json(Integer.class))
                    .subscribe(probe);
            pair.settle();
            long bound = made.get();
            assertThat(bound).isLessThan(20_000);
            assertThat(probe.signals).isEmpty();
            probe.request(10);
            pair.settle();
            assertThat(probe.signals).hasSize(10);
            probe.cancel();
            pair.settle();
        }
    }

    @Test
    void cancellingCancelsInBothDirections() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "talk",
                stream -> Mono.when(
                        stream.receive(Codec.json(Integer.class))
                                .doOnError(e -> server.add("received " + code(e)))
                                .onErrorComplete(),
                        stream.send(
                                        Flux.<Integer>never().doOnCancel(() -> server.add("cancelled")),
                                        Codec.json(Integer.class))
                                .onErrorComplete())))) {
            Probe probe = exchange(pair, "talk", watched(Flux.<Integer>never().startWith(1)));
            pair.settle();
            probe.cancel();
            pair.settle();
            assertThat(values).containsExactly("cancel");
            assertThat(server).containsExactlyInAnyOrder("received CANCELLED", "cancelled");
            assertThat(probe.signals).isEmpty();
        }
    }

    @Test
    void anErrorOfTheValuesFailsTheExchangeAndTheHandlersInput() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "talk",
                stream -> Mono.when(
                        stream.receive(Codec.json(Integer.class))
                                .doOnError(e -> server.add("received " + code(e)))
                                .onErrorComplete(),
                        stream.send(
                                        Flux.<Integer>never().doOnCancel(() -> server.add("cancelled")),
                                        Codec.json(Integer.class))
                                .onErrorComplete())))) {
            IllegalStateException failure = new IllegalStateException("mine");
            Probe probe = exchange(pair, "talk", Flux.concat(Flux.just(1), Flux.error(failure)));
            pair.settle();
            assertThat(probe.failure).isSameAs(failure);
            assertThat(server).containsExactlyInAnyOrder("received APPLICATION_ERROR", "cancelled");
        }
    }

    @Test
    void valuesThatFailAtOnceFailTheExchange() {
        try (NodePair pair = doubling()) {
            IllegalStateException failure = new IllegalStateException("mine");
            Probe probe = exchange(pair, "double", Flux.error(failure));
            pair.settle();
            assertThat(probe.failure).isSameAs(failure);
        }
    }

    @Test
    void aValueThatCannotBeEncodedFailsTheExchange() {
        try (NodePair pair = doubling()) {
            Probe probe = new Probe(Long.MAX_VALUE);
            pair.session
                    .exchange("double", Flux.just("\uD800"), Codec.utf8(), Codec.json(Integer.class))
                    .subscribe(probe);
            pair.settle();
            assertThat(probe.failure).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void anErrorOfTheHandlerFailsTheExchangeAndCancelsTheValues() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "fail",
                stream -> stream.send(
                        Flux.concat(Flux.just(7), Flux.error(new IllegalStateException("secret"))),
                        Codec.json(Integer.class))))) {
            Probe probe = exchange(pair, "fail", watched(Flux.never()));
            pair.settle();
            assertThat(probe.failure).isInstanceOf(StreamReset.class).hasMessageNotContaining("secret");
            assertThat(values).containsExactly("cancel");
        }
    }

    @Test
    void aValueThatTheHandlerCannotDecodeIsToldAsSuchToWhoSentIt() {
        try (NodePair pair = doubling()) {
            Hearing heard = new Hearing(pair.session.exchange("double", Mono.just("two"), Codec.utf8(), Codec.utf8()));
            pair.settle();
            assertThat(heard.failure).isInstanceOf(StreamReset.class);
            assertThat(heard.code()).isEqualTo(ErrorCode.DECODE_FAILED);
        }
    }

    @Test
    void anUnknownNameIsRefused() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("known", stream -> Mono.never()))) {
            // 16 wait for somebody to claim them, the next is refused at once
            for (int i = 0; i < 16; i++) {
                exchange(pair, "unknown", Flux.never());
            }
            Probe probe = exchange(pair, "unknown", watched(Flux.never()));
            pair.settle();
            assertThat(code(probe.failure)).isEqualTo(ErrorCode.REFUSED);
            assertThat(values).hasSizeLessThanOrEqualTo(1).doesNotContain("onComplete");
        }
    }

    @Test
    void aHandlerThatTakesNoMoreValuesMayGoOnAnswering() {
        Sinks.Many<Integer> answers = Sinks.many().unicast().onBackpressureBuffer();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "some",
                stream -> stream.receive(Codec.json(Integer.class))
                        .take(2)
                        .collectList()
                        .flatMap(two -> stream.send(answers.asFlux(), Codec.json(Integer.class)))))) {
            Probe probe = exchange(pair, "some", watched(Flux.range(1, 1_000_000)));
            pair.settle();
            assertThat(values).containsExactly("cancel");
            assertThat(probe.signals).isEmpty();
            answers.tryEmitNext(42);
            answers.tryEmitComplete();
            pair.settle();
            assertThat(probe.signals).containsExactly("42", "complete");
        }
    }

    @Test
    void completesOnlyWhenTheValuesAreConsumedToo() {
        Sinks.Empty<Void> gate = Sinks.empty();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "store",
                stream -> Mono.when(
                        stream.send(Mono.just(1), Codec.json(Integer.class)),
                        stream.receive(Codec.json(Integer.class))
                                .delayUntil(n -> gate.asMono())
                                .doOnNext(n -> server.add("" + n)))))) {
            Probe probe = exchange(pair, "store", Flux.range(1, 3));
            pair.settle();
            assertThat(probe.signals).containsExactly("1");
            gate.tryEmitEmpty();
            pair.settle();
            assertThat(server).containsExactly("1", "2", "3");
            assertThat(probe.signals).containsExactly("1", "complete");
        }
    }

    @Test
    void aHandlerThatIgnoresTheValuesCancelsThem() {
        try (NodePair pair = NodePair.of(spec ->
                spec.onStream("ignore", stream -> stream.send(Flux.just(1, 2), Codec.json(Integer.class))))) {
            Probe probe = exchange(pair, "ignore", watched(Flux.never()));
            pair.settle();
            assertThat(probe.signals).containsExactly("1", "2", "complete");
            assertThat(values).containsExactly("cancel");
        }
    }

    @Test
    void theEndOfTheSessionFailsIt() {
        try (NodePair pair = doubling()) {
            Probe probe = exchange(pair, "double", watched(Flux.<Integer>never().startWith(1)));
            pair.settle();
            pair.serverSession().dispose();
            pair.settle();
            assertThat(probe.signals).containsExactly("2", "error");
            assertThat(probe.failure).isInstanceOf(SessionClosedException.class);
            assertThat(values).containsExactly("cancel");
        }
    }

    @Test
    void isRefusedAtOnceWhereNoHandlerTakesIt() {
        try (NodePair pair = doubling()) {
            Probe probe = exchange(pair, "halve", Flux.just(1));
            PeerStream asked = pair.session.openStream(
                    StreamId.of("x"), StreamOpen.named("halve").forHandler(), StreamConfig.reliable());
            AtomicReference<Throwable> sent = new AtomicReference<>();
            asked.send(Flux.just(1), Codec.json(Integer.class)).subscribe(v -> {}, sent::set);
            PeerStream meeting = pair.session.openStream("halve", StreamConfig.reliable());
            meeting.send(Flux.just(1), Codec.json(Integer.class)).subscribe(v -> {}, e -> {});
            pair.settle();

            assertThat(code(probe.failure)).isEqualTo(ErrorCode.REFUSED);
            assertThat(code(sent.get())).isEqualTo(ErrorCode.REFUSED);
            assertThat(((WeirException) sent.get()).reason().retryable()).isFalse();
            assertThat(meeting.isDisposed()).as("may be a meeting").isFalse();
        }
    }

    @Test
    void mayBeTakenByWhoeverLooksAtStreams() {
        try (NodePair pair = doubling()) {
            pair.serverSession()
                    .streams()
                    .flatMap(stream -> stream.send(
                            stream.receive(Codec.json(Integer.class)).map(n -> n / 2), Codec.json(Integer.class)))
                    .subscribe();

            Probe probe = exchange(pair, "halve", Flux.just(4, 6));
            pair.settle();

            assertThat(probe.signals).containsExactly("2", "3", "complete");
        }
    }

    @Test
    void isNotTriedAgainWhereTheHandlerFails() {
        AtomicInteger calls = new AtomicInteger();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("broken", stream -> {
                    calls.incrementAndGet();
                    throw new NullPointerException("defect");
                })
                .onRequest("broken", request -> {
                    calls.incrementAndGet();
                    throw new NullPointerException("defect");
                }))) {
            PeerRetry retry = PeerRetry.of(ConnectionPolicy.defaults()).on(pair.time);
            AtomicReference<Throwable> streamed = new AtomicReference<>();
            pair.session
                    .exchange("broken", Flux.just(1), Codec.json(Integer.class), Codec.json(Integer.class))
                    .retryWhen(retry)
                    .subscribe(v -> {}, streamed::set);
            AtomicReference<Throwable> asked = new AtomicReference<>();
            pair.session
                    .request("broken", "a", Codec.utf8(), Codec.utf8())
                    .retryWhen(retry)
                    .subscribe(v -> {}, asked::set);
            AtomicReference<Throwable> unclaimed = new AtomicReference<>();
            pair.session
                    .openStream("nobody", StreamConfig.reliable())
                    .receive(Codec.utf8())
                    .retryWhen(retry)
                    .subscribe(v -> {}, unclaimed::set);
            pair.advance(Duration.ofMinutes(1));

            assertThat(calls).hasValue(2);
            assertThat(code(streamed.get())).isEqualTo(ErrorCode.APPLICATION_ERROR);
            assertThat(code(asked.get())).isEqualTo(ErrorCode.APPLICATION_ERROR);
            assertThat(code(unclaimed.get())).isEqualTo(ErrorCode.UNCLAIMED);
        }
    }

    private static NodePair doubling() {
        return NodePair.of(spec -> spec.onStream(
                "double",
                stream -> stream.send(
                        stream.receive(Codec.json(Integer.class)).map(n -> 2 * n), Codec.json(Integer.class))));
    }

    private static Probe exchange(NodePair pair, String name, Publisher<Integer> in) {
        Probe probe = new Probe(Long.MAX_VALUE);
        pair.session
                .exchange(name, in, Codec.json(Integer.class), Codec.json(Integer.class))
                .subscribe(probe);
        return probe;
    }

    private Flux<Integer> watched(Flux<Integer> in) {
        return in.doFinally(signal -> values.add(signal.toString()));
    }

    private static ErrorCode code(@Nullable Throwable e) {
        assertThat(e).isInstanceOf(WeirException.class);
        return ((WeirException) e).reason().error();
    }

    private static final class Probe extends BaseSubscriber<Integer> {
        private final List<String> signals = new ArrayList<>();
        private final long demand;
        private @Nullable Throwable failure;

        Probe(long demand) {
            this.demand = demand;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (demand > 0) {
                subscription.request(demand);
            }
        }

        @Override
        protected void hookOnNext(Integer value) {
            signals.add("" + value);
        }

        @Override
        protected void hookOnComplete() {
            signals.add("complete");
        }

        @Override
        protected void hookOnError(Throwable e) {
            failure = e;
            signals.add("error");
        }
    }
}
