package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.OpenStats;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** {@link io.weir.reactive.PeerCalls#subscribe} on a session: a stream for each subscriber, and how it ends. */
class SubscribeTest {

    private static final Codec<Integer> NUMBERS = Codec.json(Integer.class);

    private final List<PeerStream> handled = new ArrayList<>();
    private final List<String> server = new ArrayList<>();

    private StreamHandler sending(Flux<Integer> numbers) {
        return stream -> {
            handled.add(stream);
            return stream.send(numbers.doFinally(signal -> server.add(signal.toString())), NUMBERS);
        };
    }

    private NodePair pair(Flux<Integer> numbers) {
        return NodePair.of(spec -> spec.onStream("numbers", sending(numbers)));
    }

    private static void assertNothingLeft(NodePair pair) {
        pair.settle();
        assertThat(pair.session.openStats()).isEqualTo(new OpenStats(0, 0, 0, 0, 0));
        assertThat(pair.serverSession().openStats()).isEqualTo(new OpenStats(0, 0, 0, 0, 0));
        assertThat(((Session) pair.session).core().streams().bound()).isZero();
        assertThat(((Session) pair.serverSession()).core().streams().bound()).isZero();
    }

    // ---- a stream of its own

    @Test
    void receivesWhatTheHandlerSendsAndLeavesNothing() {
        try (NodePair pair = pair(Flux.range(1, 3))) {
            Hearing heard = new Hearing(pair.session.subscribe("numbers", NUMBERS));
            pair.settle();
            assertThat(heard.signals).containsExactly("1", "2", "3", "complete");
            assertNothingLeft(pair);
        }
    }

    @Test
    void eachSubscriptionHasAStreamOfItsOwn() {
        Sinks.Many<Integer> live = Sinks.many().multicast().directBestEffort();
        try (NodePair pair = pair(live.asFlux())) {
            Flux<Integer> numbers = pair.session.subscribe("numbers", NUMBERS);
            Hearing first = new Hearing(numbers);
            Hearing second = new Hearing(numbers);
            pair.settle();
            live.tryEmitNext(1);
            pair.settle();
            first.cancel();
            pair.settle();
            live.tryEmitNext(2);
            live.tryEmitComplete();
            pair.settle();
            assertThat(first.signals).containsExactly("1");
            assertThat(second.signals).containsExactly("1", "2", "complete");
            assertThat(handled).hasSize(2).extracting(PeerStream::id).doesNotHaveDuplicates();
            assertThat(handled).extracting(PeerStream::id).doesNotContain(StreamId.of("numbers"));
            assertNothingLeft(pair);
        }
    }

    @Test
    void nothingHappensBeforeTheSubscription() {
        try (NodePair pair = pair(Flux.range(1, 3))) {
            pair.session.subscribe("numbers", NUMBERS);
            pair.settle();
            assertThat(handled).isEmpty();
            assertNothingLeft(pair);
        }
    }

    @Test
    void sendsNothing() {
        List<String> received = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "numbers",
                stream -> stream.receive(NUMBERS)
                        .doOnEach(signal -> received.add(signal.getType().toString()))
                        .then(stream.send(Mono.just(7), NUMBERS))))) {
            Hearing heard = new Hearing(pair.session.subscribe("numbers", NUMBERS));
            pair.settle();
            assertThat(received).containsExactly("onComplete");
            assertThat(heard.signals).containsExactly("7", "complete");
            assertNothingLeft(pair);
        }
    }

    @Test
    void tellsTheHandlerItsHeaders() {
        try (NodePair pair = pair(Flux.empty())) {
            StreamOpen open = StreamOpen.named("numbers").withHeaders(Headers.of("from", "41"));
            new Hearing(pair.session.subscribe(open, StreamConfig.reliable(), NUMBERS));
            pair.settle();
            assertThat(handled).singleElement().satisfies(stream -> {
                assertThat(stream.headers()).isEqualTo(Headers.of("from", "41"));
                assertThat(stream.config().reliability())
                        .isEqualTo(StreamConfig.reliable().reliability());
            });
        }
    }

    @Test
    void choosesWhatTheHandlerSendsWith() {
        try (NodePair pair = pair(Flux.empty())) {
            new Hearing(pair.session.subscribe(StreamOpen.named("numbers"), StreamConfig.fireAndForget(), NUMBERS));
            pair.settle();
            assertThat(handled)
                    .singleElement()
                    .satisfies(stream -> assertThat(stream.config()).isEqualTo(StreamConfig.fireAndForget()));
            assertNothingLeft(pair);
        }
    }

    // ---- demand

    @Test
    void aSubscriberThatStopsAskingStopsThePublisher() {
        AtomicLong made = new AtomicLong();
        Flux<Integer> endless = Flux.generate(sink -> sink.next((int) made.incrementAndGet()));
        StreamConfig window = StreamConfig.reliable().withFixedWindow(1_024);
        try (NodePair pair = pair(endless)) {
            Hearing heard = new Hearing(pair.session.subscribe(StreamOpen.named("numbers"), window, NUMBERS), 0);
            pair.settle();
            assertThat(heard.signals).isEmpty();
            assertThat(made.get()).isBetween(1L, 1_024L / 17 + 32);
            heard.request(500);
            pair.settle();
            assertThat(heard.signals).hasSize(500);
            assertThat(made.get()).isBetween(500L, 500 + 1_024L / 17 + 32);
            heard.cancel();
            assertNothingLeft(pair);
            assertThat(server).containsExactly("cancel");
        }
    }

    // ---- ends

    @Test
    void cancellingItCancelsThePublisher() {
        try (NodePair pair = pair(Flux.<Integer>never().startWith(1))) {
            Hearing heard = new Hearing(pair.session.subscribe("numbers", NUMBERS));
            pair.settle();
            heard.cancel();
            pair.settle();
            assertThat(heard.signals).containsExactly("1");
            assertThat(server).containsExactly("cancel");
            assertNothingLeft(pair);
        }
    }

    @Test
    void cancellingItAtOnceOpensNothing() {
        try (NodePair pair = pair(Flux.never())) {
            new Hearing(pair.session.subscribe("numbers", NUMBERS).doOnSubscribe(Subscription::cancel));
            pair.settle();
            assertThat(handled).isEmpty();
            assertNothingLeft(pair);
        }
    }

    @Test
    void failsBehindTheElementsWhereThePublisherFails() {
        try (NodePair pair = pair(Flux.range(1, 2).concatWith(Flux.error(new IllegalStateException("secret"))))) {
            Hearing heard = new Hearing(pair.session.subscribe("numbers", NUMBERS));
            pair.settle();
            assertThat(heard.signals).containsExactly("1", "2", "error");
            assertThat(heard.failure).isInstanceOf(StreamReset.class).hasMessageNotContaining("secret");
            assertThat(heard.code()).isEqualTo(ErrorCode.APPLICATION_ERROR);
            assertNothingLeft(pair);
        }
    }

    @Test
    void isRefusedAtOnceWhereNobodyHandlesIt() {
        try (NodePair pair = pair(Flux.never())) {
            Hearing heard = new Hearing(pair.session.subscribe("others", NUMBERS));
            pair.settle();
            assertThat(heard.code()).isEqualTo(ErrorCode.REFUSED);
            assertThat(heard.failure).hasMessageContaining("\"others\"");
            assertNothingLeft(pair);
        }
    }

    @Test
    void isRefusedAsBusyWhereAllPlacesAreTaken() {
        NodeLimits one = NodeLimits.defaults().withMaxHandled(1);
        try (NodePair pair = NodePair.of(spec -> spec.limits(one)
                .onStream("numbers", stream -> stream.receive(NUMBERS).then(Mono.never())))) {
            List<Hearing> all = new ArrayList<>();
            for (int i = 0; i < NodeLimits.HANDLED_OF_ITS_OWN + 2; i++) {
                all.add(new Hearing(pair.session.subscribe("numbers", NUMBERS)));
            }
            pair.settle();
            Hearing last = all.remove(all.size() - 1);
            assertThat(last.code()).isEqualTo(ErrorCode.BUSY);
            assertThat(all).allSatisfy(each -> assertThat(each.signals).isEmpty());
        }
    }

    @Test
    void stopsWhereAnElementCannotBeDecoded() {
        try (NodePair pair = pair(Flux.<Integer>never().startWith(1))) {
            Hearing heard = new Hearing(pair.session.subscribe("numbers", Codec.json(Integer[].class)));
            pair.settle();
            assertThat(heard.failure).isInstanceOf(CodecException.class);
            assertThat(server).containsExactly("cancel");
            assertNothingLeft(pair);
        }
    }

    @Test
    void aLostSessionDeliversWhatIsQueuedThenFails() {
        try (NodePair pair = pair(Flux.<Integer>never().startWith(1, 2, 3))) {
            Hearing heard = new Hearing(pair.session.subscribe("numbers", NUMBERS), 1);
            pair.settle();
            pair.network.reset(NodePair.NAME);
            pair.settle();
            assertThat(heard.signals).containsExactly("1");
            heard.request(5);
            pair.settle();
            assertThat(heard.signals).containsExactly("1", "2", "3", "error");
            assertThat(heard.failure)
                    .isInstanceOfSatisfying(
                            SessionClosedException.class,
                            e -> assertThat(e.reason().retryable()).isTrue());
            assertThat(server).containsExactly("cancel");
        }
    }

    @Test
    void failsAtOnceOnASessionThatHasEnded() {
        try (NodePair pair = pair(Flux.never())) {
            pair.session.dispose();
            pair.settle();
            Hearing heard = new Hearing(pair.session.subscribe("numbers", NUMBERS));
            pair.settle();
            assertThat(heard.failure).isInstanceOf(SessionClosedException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSessionThatDrainsEndsWhatWasBegunAndRefusesWhatIsNew(boolean byPeer) {
        Sinks.Many<Integer> numbers = Sinks.many().unicast().onBackpressureBuffer();
        try (NodePair pair = pair(numbers.asFlux())) {
            Hearing begun = new Hearing(pair.session.subscribe("numbers", NUMBERS));
            pair.settle();
            (byPeer ? pair.serverSession() : pair.session)
                    .drain(Duration.ofMinutes(1))
                    .subscribe(v -> {}, e -> {});
            pair.settle();
            Hearing late = new Hearing(pair.session.subscribe("numbers", NUMBERS));
            numbers.tryEmitNext(1);
            numbers.tryEmitComplete();
            pair.settle();
            assertThat(late.code()).isEqualTo(ErrorCode.GOING_AWAY);
            assertThat(begun.signals).containsExactly("1", "complete");
            assertThat(pair.session.onClose().block(Duration.ZERO).clean()).isTrue();
        }
    }

    // ---- who sees it

    @Test
    void interceptorsSeeEachSubscriptionAsAWhole() {
        List<String> seen = new ArrayList<>();
        try (NodePair pair = NodePair.of(
                spec -> spec.onStream("numbers", sending(Flux.range(1, 2))),
                spec -> spec.intercept(what -> {
                    seen.add(what.kind() + " " + what.name() + " "
                            + what.context().get("who"));
                    return what.withHeaders(what.headers().with("added", "yes"))
                            .doOnEnd(end -> seen.add(end.outcome().toString()));
                }))) {
            Flux<Integer> numbers = pair.session
                    .subscribe(
                            StreamOpen.named("numbers").withHeaders(Headers.of("given", "too")),
                            StreamConfig.reliable(),
                            NUMBERS)
                    .contextWrite(context -> context.put("who", "me"));
            new Hearing(numbers);
            pair.settle();
            new Hearing(numbers.take(1));
            pair.settle();
            String begun = Interaction.Kind.SUBSCRIPTION + " numbers me";
            assertThat(seen)
                    .containsExactly(
                            begun,
                            Interaction.Outcome.SUCCESS.toString(),
                            begun,
                            Interaction.Outcome.CANCELLED.toString());
            assertThat(handled)
                    .allSatisfy(stream -> assertThat(stream.headers())
                            .isEqualTo(Headers.of("given", "too").with("added", "yes")));
        }
    }

    // ---- shared streams, beside it

    @Test
    void theSecondSubscriberOfAStreamIsToldWhatToCall() {
        try (NodePair pair = pair(Flux.never())) {
            PeerStream shared = pair.session.openStream("numbers");
            assertThat(shared.config()).isEqualTo(StreamConfig.reliable());
            new Hearing(shared.receive(NUMBERS));
            Hearing second = new Hearing(shared.receive(NUMBERS));
            Hearing third = new Hearing(pair.session.openStream("numbers").receive(NUMBERS));
            pair.settle();
            for (Hearing late : List.of(second, third)) {
                assertThat(late.failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("\"numbers\"")
                        .hasMessageContaining(StreamId.of("numbers").toString())
                        .hasMessageContaining("subscribe(\"numbers\", codec)");
            }
        }
    }

    @Test
    void aSharedStreamOfTheSameNameIsAnotherOne() {
        try (NodePair pair = pair(Flux.range(1, 2))) {
            Hearing shared = new Hearing(pair.session.openStream("numbers").receive(NUMBERS));
            Hearing own = new Hearing(pair.session.subscribe("numbers", NUMBERS));
            pair.settle();
            assertThat(shared.signals).containsExactly("1", "2", "complete");
            assertThat(own.signals).containsExactly("1", "2", "complete");
        }
    }

    @Test
    void whatASubscriberThrowsEndsItAlone() {
        try (NodePair pair = pair(Flux.<Integer>never().startWith(1))) {
            Hearing other = new Hearing(pair.session.subscribe("numbers", NUMBERS));
            Hearing rude =
                    new Hearing(pair.session.subscribe("numbers", NUMBERS).doOnNext(n -> {
                        throw new IllegalStateException("mine");
                    }));
            pair.settle();
            assertThat(rude.failure).hasMessage("mine");
            assertThat(other.signals).containsExactly("1");
            assertThat(server).containsExactly("cancel");
        }
    }
}
