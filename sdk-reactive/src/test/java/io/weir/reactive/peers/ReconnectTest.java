package io.weir.reactive.peers;

import static io.weir.reactive.peers.PeersKit.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.GaveUpException;
import io.weir.core.error.GoingAwayException;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.operator.PeerRetry;
import io.weir.reactive.operator.Reconnect;
import io.weir.reactive.operator.Reconnect.Resume;
import io.weir.reactive.operator.Reconnect.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Streams that are opened again when their session is lost. */
class ReconnectTest {
    private static final ConnectionPolicy POLICY = ConnectionPolicy.defaults();

    private final PeersKit kit = new PeersKit();
    private final List<Signal<Integer>> signals = new ArrayList<>();
    private final List<Object> ends = new ArrayList<>();
    private final List<Resume<Integer>> resumes = new ArrayList<>();
    private PeerNode server;
    private PeerNode keeper;

    /** A server that counts from any number on, one in ten milliseconds. */
    @BeforeEach
    void connect() {
        server = counting();
        keeper = kit.keeper();
        keeper.peers().add(at("server"));
        kit.settle();
    }

    private PeerNode counting() {
        return kit.start(
                "server",
                spec -> spec.listen(at("server"))
                        .onStream(
                                "from",
                                stream -> stream.receive(Codec.json(Long.class))
                                        .next()
                                        .flatMap(from -> stream.send(
                                                Flux.interval(Duration.ofMillis(10), kit.time)
                                                        .map(tick -> (int) (from + tick)),
                                                Codec.json(Integer.class))))
                        .onStream("three", stream -> stream.send(Flux.range(1, 3), Codec.json(Integer.class)))
                        .onStream(
                                "leaving",
                                stream -> stream.send(
                                        Flux.range(1, 2).concatWith(Flux.error(new GoingAwayException())),
                                        Codec.json(Integer.class)))
                        .onStream(
                                "failing",
                                stream -> stream.send(
                                        Flux.range(1, 3).concatWith(Flux.error(new IllegalStateException("boom"))),
                                        Codec.json(Integer.class))));
    }

    @AfterEach
    void nothingIsLeft() {
        kit.close();
    }

    @Test
    void aPeerThatIsGoneForLongerThanItWaitsEndsIt() {
        kit.network.reset("server");
        server.dispose();
        kit.settle();
        Flux<Signal<Integer>> stream = Reconnect.stream(
                keeper.peer(server.id()).within(Duration.ofSeconds(30)),
                (session, resume) -> session.subscribe("three", Codec.json(Integer.class)),
                PeerRetry.of(POLICY).on(kit.time));
        stream.subscribe(signals::add, ends::add);
        kit.advance(Duration.ofSeconds(30));
        assertThat(signals).isEmpty();
        assertThat(ends).singleElement().isInstanceOf(ConnectException.class);
    }

    @Test
    void theStreamGoesOnWhereTheApplicationsAgree() {
        Disposable counting = count().subscribe(signals::add, ends::add);
        for (int i = 0; i < 4; i++) {
            kit.advance(Duration.ofMillis(200));
            kit.network.reset("server");
            kit.advance(Duration.ofSeconds(2));
        }
        counting.dispose();

        List<Integer> elements = elements();
        assertThat(elements).hasSizeGreaterThan(100);
        assertThat(elements)
                .isEqualTo(IntStream.range(0, elements.size()).boxed().toList());
        assertThat(told())
                .startsWith("Opened 1", "Lost 1", "Opened 2", "Lost 2", "Opened 3", "Lost 3", "Opened 4", "Lost 4");
        assertThat(resumes).allSatisfy(resume -> {
            Integer last = resume.last();
            assertThat(last == null ? 0 : last + 1).isEqualTo((int) resume.delivered());
        });
        assertThat(ends).isEmpty();
    }

    @Test
    void aLossIsToldInOrderWithTheElementsAndNeverWithoutOne() {
        Disposable counting = count().subscribe(signals::add, ends::add);
        kit.advance(Duration.ofMillis(105));
        kit.network.reset("server");
        kit.settle();

        assertThat(signals).hasSize(12);
        assertThat(signals.get(0)).isInstanceOf(Signal.Opened.class);
        assertThat(signals.subList(1, 11)).allMatch(signal -> signal instanceof Signal.Element);
        assertThat(signals.get(11)).isEqualTo(new Signal.Lost<>(1, CloseReason.local(ErrorCode.LINK_LOST)));
        counting.dispose();
    }

    @Test
    void theElementsAloneTellTheRestToAListener() {
        List<Object> all = new ArrayList<>();
        count().transform(Reconnect.<Integer>elements(all::add)).take(15).subscribe(all::add);
        kit.advance(Duration.ofMillis(55));
        kit.network.reset("server");
        kit.advance(Duration.ofSeconds(5));

        assertThat(all.stream().filter(each -> each instanceof Integer))
                .isEqualTo(IntStream.range(0, 15).boxed().toList());
        assertThat(all.get(0)).isInstanceOf(Signal.Opened.class);
        assertThat(all.get(6)).isInstanceOf(Signal.Lost.class);
        assertThat(all.get(7)).isInstanceOf(Signal.Opened.class);
        assertThat(all).hasSize(18);
    }

    @Test
    void theStreamsOwnEndIsPassedOn() {
        open("three").subscribe(signals::add, ends::add, () -> ends.add("complete"));
        kit.settle();

        assertThat(elements()).containsExactly(1, 2, 3);
        assertThat(ends).containsExactly("complete");
    }

    @Test
    void whatThePeersPublisherFailedWithIsPassedOnAndNotRetried() {
        open("failing").subscribe(signals::add, ends::add);
        kit.advance(Duration.ofMinutes(1));

        assertThat(elements()).containsExactly(1, 2, 3);
        assertThat(told()).containsExactly("Opened 1");
        assertThat(ends).singleElement().isInstanceOf(StreamReset.class);
    }

    @Test
    void aStreamThatThePeerDoesNotKnowIsNotRetried() {
        open("unknown").subscribe(signals::add, ends::add);
        kit.advance(Duration.ofMinutes(1));

        assertThat(told()).containsExactly("Opened 1");
        assertThat(ends).hasSize(1).noneMatch(e -> e instanceof SessionClosedException);
    }

    @Test
    void aLossForGoodIsToldAndPassedOn() {
        PeerRetry never = retry(POLICY.withRetryable(ErrorCode.LINK_LOST, false));
        Reconnect.<Integer>stream(keeper.peer(server.id()), this::from, never).subscribe(signals::add, ends::add);
        kit.settle();
        kit.network.reset("server");
        kit.settle();

        assertThat(told()).containsExactly("Opened 1", "Lost 1");
        assertThat(ends).singleElement().isInstanceOf(SessionClosedException.class);
    }

    @Test
    void givingUpIsTyped() {
        PeerRetry twice = retry(POLICY.withMaxAttempts(2));
        Reconnect.<Integer>stream(keeper.peer(server.id()), this::from, twice).subscribe(signals::add, ends::add);
        for (int i = 0; i < 2; i++) {
            kit.advance(Duration.ofSeconds(5));
            kit.network.reset("server");
        }
        kit.settle();

        assertThat(told()).containsExactly("Opened 1", "Lost 1", "Opened 2", "Lost 2");
        assertThat(ends)
                .singleElement()
                .isInstanceOfSatisfying(
                        GaveUpException.class, e -> assertThat(e).hasCauseInstanceOf(SessionClosedException.class));
    }

    @Test
    void theNodesEndIsTheStreams() {
        count().subscribe(signals::add, ends::add);
        kit.advance(Duration.ofMillis(100));

        keeper.dispose();
        kit.advance(Duration.ofSeconds(5));

        assertThat(told()).containsExactly("Opened 1", "Lost 1");
        assertThat(ends)
                .singleElement()
                .isInstanceOfSatisfying(
                        ConnectException.class,
                        e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.NODE_CLOSED));
    }

    @Test
    void aPeerThatGoesAwayInGoodOrderIsAwaited() {
        count().subscribe(signals::add, ends::add);
        kit.advance(Duration.ofMillis(100));
        server.shutdown(Duration.ofMillis(50)).subscribe();
        kit.advance(Duration.ofSeconds(10));
        assertThat(told()).containsExactly("Opened 1", "Lost 1");

        counting();
        kit.advance(Duration.ofSeconds(31));

        assertThat(told()).containsExactly("Opened 1", "Lost 1", "Opened 2");
        List<Integer> elements = elements();
        assertThat(elements)
                .isEqualTo(IntStream.range(0, elements.size()).boxed().toList());
    }

    @Test
    void aGracefulStopIsMendedLikeACrash() {
        server.dispose();
        server = leaving();
        kit.advance(Duration.ofSeconds(31));
        count().subscribe(signals::add, ends::add);
        kit.advance(Duration.ofMillis(500));
        server.shutdown(Duration.ofSeconds(5)).subscribe();
        kit.advance(Duration.ofSeconds(1));
        assertThat(told()).containsExactly("Opened 1", "Lost 1");
        assertThat(signals).last().isEqualTo(new Signal.Lost<>(1, CloseReason.remote(ErrorCode.GOING_AWAY)));
        assertThat(server.isDisposed()).as("nothing held it up").isTrue();
        assertThat(ends).isEmpty();

        server = leaving();
        kit.advance(Duration.ofSeconds(31));
        assertThat(told()).containsExactly("Opened 1", "Lost 1", "Opened 2");
        List<Integer> elements = elements();
        assertThat(elements)
                .isEqualTo(IntStream.range(0, elements.size()).boxed().toList());
    }

    private PeerNode leaving() {
        return kit.start(
                "server",
                spec -> spec.listen(at("server"))
                        .onStream(
                                "from",
                                stream -> stream.receive(Codec.json(Long.class))
                                        .next()
                                        .flatMap(from -> stream.send(
                                                Flux.interval(Duration.ofMillis(10), kit.time)
                                                        .map(tick -> (int) (from + tick))
                                                        .transform(stream.session()::untilGoingAway),
                                                Codec.json(Integer.class)))));
    }

    @Test
    void aPublisherThatGoesAwayIsAskedAgainAtOnceAndThenByThePolicy() {
        open("leaving").subscribe(signals::add, ends::add);
        kit.settle();
        assertThat(told()).as("the first time at once").containsExactly("Opened 1", "Lost 1", "Opened 2", "Lost 2");
        assertThat(signals.get(3)).isEqualTo(new Signal.Lost<>(1, CloseReason.remote(ErrorCode.GOING_AWAY)));
        assertThat(elements()).as("all that came before").containsExactly(1, 2, 1, 2);

        Duration second = Duration.ofNanos(POLICY.backoff().delayNanos(2, 0.5));
        kit.advance(second.minusMillis(1));
        assertThat(told()).hasSize(4);
        kit.advance(Duration.ofMillis(1));
        assertThat(told()).hasSize(6);
        kit.advance(Duration.ofMinutes(10));
        assertThat(told()).as("in ten minutes").hasSizeLessThan(2 * 60);
        assertThat(ends).isEmpty();
        keeper.dispose();
    }

    @Test
    void goingAwayIsPassedOnWhereThePolicyDoesNotRetryIt() {
        Reconnect.<Integer>stream(
                        keeper.peer(server.id()),
                        (session, resume) -> session.openStream("leaving", StreamConfig.reliable())
                                .receive(Codec.json(Integer.class)),
                        retry(POLICY.withRetryable(ErrorCode.GOING_AWAY, false)))
                .subscribe(signals::add, ends::add);
        kit.advance(Duration.ofMinutes(1));

        assertThat(told()).containsExactly("Opened 1", "Lost 1");
        assertThat(ends).singleElement().isInstanceOf(StreamReset.class);
    }

    @Test
    void cancellingWhileNobodyIsThereLeavesNothing() {
        Disposable counting = count().subscribe(signals::add, ends::add);
        kit.settle();
        server.dispose();
        kit.advance(Duration.ofSeconds(5));
        keeper.peers().list().get(0).remove();
        kit.settle();

        counting.dispose();
        kit.settle();

        assertThat(kit.time.timers()).isZero();
        counting();
        kit.advance(Duration.ofMinutes(1));
        assertThat(told()).containsExactly("Opened 1", "Lost 1");
    }

    @Test
    void nothingIsOpenedOrToldWithoutDemand() {
        BaseSubscriber<Signal<Integer>> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Signal<Integer> signal) {
                signals.add(signal);
            }
        };
        count().subscribe(slow);
        kit.advance(Duration.ofSeconds(1));
        assertThat(signals).isEmpty();
        assertThat(resumes).isEmpty();

        slow.request(3);
        kit.advance(Duration.ofSeconds(1));
        assertThat(signals).hasSize(3);
        assertThat(elements()).containsExactly(0, 1);

        slow.cancel();
        kit.settle();
    }

    @Test
    void eachSubscriptionHasEpochsOfItsOwn() {
        Flux<Signal<Integer>> three = open("three");

        for (int i = 0; i < 2; i++) {
            List<Signal<Integer>> seen = new ArrayList<>();
            three.subscribe(seen::add);
            kit.settle();
            assertThat(seen)
                    .hasSize(4)
                    .first()
                    .isInstanceOfSatisfying(
                            Signal.Opened.class,
                            opened -> assertThat(opened.epoch()).isEqualTo(1));
        }
    }

    @Test
    void whatTheApplicationThrowsIsPassedOn() {
        IllegalStateException boom = new IllegalStateException("boom");
        Flux<Signal<Integer>> flux = Reconnect.stream(
                keeper.peer(server.id()),
                (session, resume) -> {
                    throw boom;
                },
                retry(POLICY));

        StepVerifier.create(flux).expectNextCount(1).verifyErrorMatches(e -> e == boom);
    }

    private Flux<Signal<Integer>> count() {
        return Reconnect.stream(keeper.peer(server.id()), this::from, retry(POLICY));
    }

    private Flux<Integer> from(PeerSession session, Resume<Integer> resume) {
        resumes.add(resume);
        return session.exchange(
                "from", Mono.just(resume.delivered()), Codec.json(Long.class), Codec.json(Integer.class));
    }

    private Flux<Signal<Integer>> open(String name) {
        return Reconnect.stream(
                keeper.peer(server.id()),
                (session, resume) ->
                        session.openStream(name, StreamConfig.reliable()).receive(Codec.json(Integer.class)),
                retry(POLICY));
    }

    private PeerRetry retry(ConnectionPolicy policy) {
        return PeerRetry.of(policy).on(kit.time).jitter(() -> 0.5);
    }

    private List<Integer> elements() {
        List<Integer> elements = new ArrayList<>();
        for (Signal<Integer> signal : signals) {
            if (signal instanceof Signal.Element<Integer> element) {
                elements.add(element.value());
            }
        }
        return elements;
    }

    private List<String> told() {
        List<String> told = new ArrayList<>();
        for (Signal<Integer> signal : signals) {
            if (signal instanceof Signal.Opened<Integer> opened) {
                told.add("Opened " + opened.epoch());
            } else if (signal instanceof Signal.Lost<Integer> lost) {
                told.add("Lost " + lost.epoch());
            }
        }
        return told;
    }
}
