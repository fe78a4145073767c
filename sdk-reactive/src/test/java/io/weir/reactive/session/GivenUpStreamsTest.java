package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.stream.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

/** Streams whose use was given up before their OPEN was written: as if there had been none. */
class GivenUpStreamsTest {

    private static final int USES = 10_000;
    private static final StreamId ID = StreamId.of("x");
    private static final StreamOpen OPEN = StreamOpen.named("handled");

    private final AtomicInteger handled = new AtomicInteger();

    private NodePair pair() {
        return NodePair.of(
                spec -> spec.onStream("handled", stream -> {
                    handled.incrementAndGet();
                    return stream.send(Flux.just("answer"), Codec.utf8());
                }),
                spec -> spec.onStream("handled", stream -> stream.send(Flux.just("answer"), Codec.utf8())));
    }

    private static PeerStream open(PeerSession session, long id) {
        return session.openStream(new StreamId(id), OPEN, StreamConfig.reliable());
    }

    static Stream<Arguments> uses() {
        return Stream.of(
                use(
                        "receive, stopped at once",
                        s -> open(s, 7).receive(Codec.utf8()).takeUntilOther(Mono.empty())),
                use(
                        "receive that loses a race",
                        s -> Flux.firstWithSignal(open(s, 7).receive(Codec.utf8()), Flux.just("faster"))),
                use(
                        "receive that has lost a race",
                        s -> Flux.firstWithSignal(
                                Flux.just("faster"), open(s, 7).receive(Codec.utf8()))),
                use(
                        "send, stopped at once",
                        s -> open(s, 7).send(Flux.just("a"), Codec.utf8()).takeUntilOther(Mono.empty())),
                use("send and receive, stopped at once", s -> {
                    PeerStream stream = open(s, 7);
                    return Flux.merge(stream.send(Flux.just("a"), Codec.utf8()), stream.receive(Codec.utf8()))
                            .takeUntilOther(Mono.empty());
                }),
                use(
                        "exchange, stopped at once",
                        s -> s.exchange("handled", Flux.just("a"), Codec.utf8(), Codec.utf8())
                                .takeUntilOther(Mono.empty())),
                use(
                        "exchange that loses a race",
                        s -> Flux.firstWithSignal(
                                s.exchange("handled", Flux.just("a"), Codec.utf8(), Codec.utf8()),
                                Flux.just("faster"))),
                use("demand that is none", s -> open(s, 7).receive(Codec.utf8()).doOnSubscribe(sub -> sub.request(-1))),
                use("receive and close", s -> {
                    PeerStream stream = open(s, 7);
                    return stream.receive(Codec.utf8())
                            .doOnSubscribe(sub -> stream.close().subscribe());
                }),
                use("receive and dispose", s -> {
                    PeerStream stream = open(s, 7);
                    return stream.receive(Codec.utf8()).doOnSubscribe(sub -> stream.dispose());
                }));
    }

    private static Arguments use(String name, Function<PeerSession, Publisher<?>> use) {
        return Arguments.of(name, use);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("uses")
    void anyNumberOfUsesLeavesNothingBehind(String name, Function<PeerSession, Publisher<?>> use) {
        try (NodePair pair = pair()) {
            onLoop(pair, () -> {
                for (int i = 0; i < USES; i++) {
                    Flux.from(use.apply(pair.session)).subscribe(v -> {}, e -> {});
                }
            });
            assertNothingIsLeft(pair);
        }
    }

    private void assertNothingIsLeft(NodePair pair) {
        Streams streams = SessionProbe.streams(pair.session);
        assertThat(streams.bound()).isZero();
        assertThat(streams.table().liveStreams()).isZero();
        assertThat(SessionProbe.streams(pair.serverSession()).table().liveStreams())
                .isZero();
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("uses")
    void thePeersNextStreamOfThatIdRunsTheDeclaredHandler(String name, Function<PeerSession, Publisher<?>> use) {
        try (NodePair pair = pair()) {
            onLoop(pair, () -> Flux.from(use.apply(pair.session)).subscribe(v -> {}, e -> {}));

            List<String> got = new ArrayList<>();
            open(pair.serverSession(), 7).receive(Codec.utf8()).subscribe(got::add);
            pair.settle();

            assertThat(got).containsExactly("answer");
        }
    }

    @Test
    void anOpenThatWaitsForCreditAndIsGivenUpNeverReachesThePeer() {
        AtomicInteger handlers = new AtomicInteger();
        try (NodePair pair =
                NodePair.of(spec -> spec.limits(NodeLimits.defaults().withMaxStreams(1))
                        .onStream("handled", stream -> {
                            handlers.incrementAndGet();
                            return stream.send(Flux.never(), Codec.utf8());
                        }))) {
            Disposable holder = open(pair.session, 1).receive(Codec.utf8()).subscribe();
            pair.settle();
            Disposable receiving = open(pair.session, 2).receive(Codec.utf8()).subscribe();
            Disposable sending =
                    open(pair.session, 3).send(Flux.never(), Codec.utf8()).subscribe();
            Disposable exchanging = pair.session
                    .exchange("handled", Flux.never(), Codec.utf8(), Codec.utf8())
                    .subscribe();
            PeerStream closing = open(pair.session, 4);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            closing.send(Flux.never(), Codec.utf8()).subscribe(v -> {}, failure::set);
            pair.settle();
            assertThat(SessionProbe.streams(pair.session).table().liveStreams()).isEqualTo(5);

            receiving.dispose();
            sending.dispose();
            exchanging.dispose();
            AtomicReference<Boolean> closed = new AtomicReference<>();
            closing.close().doOnSuccess(v -> closed.set(true)).subscribe();
            pair.settle();
            assertThat(closed).hasValue(true);
            assertThat(code(failure.get())).isEqualTo(ErrorCode.STREAM_CLOSED);
            assertThat(SessionProbe.streams(pair.session).table().liveStreams()).isOne();
            assertThat(SessionProbe.streams(pair.session).bound()).isOne();

            holder.dispose();
            open(pair.session, 1).dispose();
            pair.settle();
            assertThat(handlers).hasValue(1);
        }
    }

    @Test
    void whatWasAcceptedBeforeTheOpenIsSentByAClose() {
        List<String> got = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "in", stream -> stream.receive(Codec.utf8()).doOnNext(got::add).then()))) {
            PeerStream stream = pair.session.openStream("in", StreamConfig.reliable());
            stream.trySend("accepted", Codec.utf8());
            stream.close().subscribe();
            pair.settle();
            assertThat(got).containsExactly("accepted");
        }
    }

    @Test
    void theOtherHalfOfAHandleCanBeUsedAfterOneWasGivenUp() {
        AtomicReference<Throwable> stopped = new AtomicReference<>();
        List<String> got = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "both",
                stream -> stream.send(Flux.never(), Codec.utf8())
                        .doOnError(stopped::set)
                        .onErrorComplete()
                        .and(stream.receive(Codec.utf8()).doOnNext(got::add))))) {
            PeerStream stream = pair.session.openStream(ID, StreamOpen.named("both"), StreamConfig.reliable());
            onLoop(pair, () -> stream.receive(Codec.utf8()).subscribe().dispose());
            assertThat(SessionProbe.streams(pair.session).bound()).isZero();
            AtomicReference<Boolean> sent = new AtomicReference<>();
            stream.send(Flux.just("late"), Codec.utf8())
                    .doOnSuccess(v -> sent.set(true))
                    .subscribe();
            AtomicReference<Throwable> again = new AtomicReference<>();
            stream.receive(Codec.utf8()).subscribe(v -> {}, again::set);
            pair.settle();

            assertThat(got).containsExactly("late");
            assertThat(sent).hasValue(true);
            assertThat(code(stopped.get())).isEqualTo(ErrorCode.CANCELLED);
            assertThat(again.get()).isInstanceOf(StreamReset.class);
            assertThat(SessionProbe.streams(pair.session).bound()).isZero();
        }
    }

    @Test
    void aHandleThatWasGivenUpGivesWayToANewerStreamOfItsId() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "handled", stream -> stream.send(Flux.just("answer").concatWith(Flux.never()), Codec.utf8())))) {
            PeerStream first = pair.session.openStream(ID, OPEN, StreamConfig.reliable());
            onLoop(pair, () -> first.receive(Codec.utf8()).subscribe().dispose());
            List<String> got = new ArrayList<>();
            pair.session
                    .openStream(ID, OPEN, StreamConfig.reliable())
                    .receive(Codec.utf8())
                    .subscribe(got::add);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            first.send(Flux.just("late"), Codec.utf8()).subscribe(v -> {}, failure::set);
            pair.settle();

            assertThat(code(failure.get())).isEqualTo(ErrorCode.SUPERSEDED);
            assertThat(got).containsExactly("answer");
        }
    }

    @Test
    void theStreamBeforeOneThatWasGivenUpLivesOn() {
        TestPublisher<String> values = TestPublisher.create();
        List<String> got = new ArrayList<>();
        AtomicReference<Throwable> end = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "half",
                stream -> stream.receive(Codec.utf8()).doOnNext(got::add).then()))) {
            PeerStream failing = pair.session.openStream(ID, StreamOpen.named("half"), StreamConfig.reliable());
            failing.send(values, Codec.utf8()).subscribe(v -> {}, end::set);
            Disposable receiving = failing.receive(Codec.utf8()).subscribe();
            pair.settle();
            receiving.dispose(); // a half has failed: the next openStream means to begin anew
            pair.settle();

            onLoop(
                    pair,
                    () -> pair.session
                            .openStream(ID, StreamOpen.named("half"), StreamConfig.reliable())
                            .receive(Codec.utf8())
                            .takeUntilOther(Mono.empty())
                            .subscribe());
            values.next("still");
            pair.settle();
            assertThat(got).containsExactly("still");

            pair.session.dispose();
            pair.settle();
            assertThat(end.get()).isNotNull();
        }
    }

    @Test
    void aFirstUseCancelledAtOnceStopsAStreamThatThePeerOffers() {
        AtomicReference<Throwable> stopped = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec -> spec)) {
            pair.serverSession()
                    .streams()
                    .subscribe(s ->
                            s.receive(Codec.utf8()).takeUntilOther(Mono.empty()).subscribe());
            pair.session
                    .openStream("offered", StreamConfig.reliable())
                    .send(Flux.never(), Codec.utf8())
                    .subscribe(v -> {}, stopped::set);
            pair.settle();
            assertThat(code(stopped.get())).isEqualTo(ErrorCode.CANCELLED);
        }
    }

    /** In one turn of the loop, so that no record is written in between. */
    private static void onLoop(NodePair pair, Runnable task) {
        pair.time.schedule(task);
        pair.settle();
    }

    private static ErrorCode code(Throwable e) {
        return ((WeirException) e).reason().error();
    }
}
