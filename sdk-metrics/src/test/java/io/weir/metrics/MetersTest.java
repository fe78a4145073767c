package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.weir.core.datagram.DatagramCounts;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.FastPathStats;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeObserver.RequestDone;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class MetersTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Metered a = new Metered(MeterOptions.defaults().withTypes(MetersTest::typeOf));
    private final Metered b = new Metered(MeterOptions.defaults().withTypes(MetersTest::typeOf));

    private static String typeOf(String name) {
        return name.startsWith("quotes") ? "quotes" : "words";
    }

    /** a has dialled b. */
    private TestNodes pair(UnaryOperator<PeerNodeSpec> ofB) {
        return TestNodes.pair(a::observe, spec -> ofB.apply(b.observe(spec)));
    }

    // ---- connections

    @Test
    void countsDialsHandshakesAndSessionsAtBothEnds() {
        try (TestNodes nodes = pair(spec -> spec)) {
            assertThat(a.value(WeirMeter.DIALS, "memory", "success")).isEqualTo(1);
            assertThat(a.value(WeirMeter.HANDSHAKES, "memory", "initiator", "success"))
                    .isEqualTo(1);
            assertThat(b.value(WeirMeter.HANDSHAKES, "memory", "responder", "success"))
                    .isEqualTo(1);
            assertThat(a.value(WeirMeter.SESSIONS, "memory", "initiator", "ready"))
                    .isEqualTo(1);
            assertThat(b.value(WeirMeter.SESSIONS, "memory", "responder", "ready"))
                    .isEqualTo(1);
            assertThat(b.value(WeirMeter.SESSIONS_OPENED, "memory", "responder"))
                    .isEqualTo(1);

            nodes.session().request("never", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            nodes.session().dispose();
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.SESSIONS, "memory", "initiator", "ready"))
                    .isZero();
            assertThat(a.value(WeirMeter.SESSIONS_ENDED, "memory", "initiator", "success"))
                    .isEqualTo(1);
            assertThat(b.value(WeirMeter.SESSIONS_ENDED, "memory", "responder", "success"))
                    .isEqualTo(1);
            assertThat(a.value(WeirMeter.RECONNECTS, "memory")).isZero();
        }
        assertThat(a.metrics.kept()).isZero();
        assertThat(b.metrics.kept()).isZero();
    }

    @Test
    void tellsReadySessionsFromThoseThatDrain() {
        try (TestNodes nodes = pair(spec -> spec.onRequest("never", request -> Mono.never()))) {
            nodes.session().request("never", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            nodes.session().drain(Duration.ofMinutes(1)).subscribe(v -> {}, e -> {});
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.SESSIONS, "memory", "initiator", "draining"))
                    .isEqualTo(1);
            assertThat(a.value(WeirMeter.SESSIONS, "memory", "initiator", "ready"))
                    .isZero();
            assertThat(b.value(WeirMeter.SESSIONS, "memory", "responder", "draining"))
                    .isEqualTo(1);
        }
    }

    @Test
    void takesTheTimeWithoutASessionAndCountsTheBeatsThatWereMissed() {
        try (TestNodes nodes = pair(spec -> spec)) {
            nodes.link("a", "b").partition();
            nodes.advance(NodeLimits.defaults().silenceLimit().multipliedBy(2));
            assertThat(a.value(WeirMeter.SESSIONS_ENDED, "memory", "initiator", "silence"))
                    .isEqualTo(1);
            assertThat(a.value(WeirMeter.HEARTBEATS_MISSED, "memory")).isEqualTo(2);

            a.clock.add(Duration.ofSeconds(40));
            nodes.link("a", "b").heal();
            nodes.node("a").connect(nodes.node("b").addresses().get(0)).subscribe();
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.RECONNECTS, "memory")).isEqualTo(1);
            assertThat(a.total(WeirMeter.RECONNECTS, "memory"))
                    .isBetween(Duration.ofSeconds(40), Duration.ofSeconds(50));
        }
    }

    @Test
    void takesRoundTrips() {
        try (TestNodes nodes = pair(spec -> spec)) {
            nodes.session().ping().subscribe();
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.ROUND_TRIP, "memory")).isPositive();
        }
    }

    // ---- records and streams

    @Test
    void countsTheSameRecordsElementsAndBytesAtBothEnds() {
        try (TestNodes nodes = pair(spec ->
                spec.onStream("quotes", stream -> stream.receive(Codec.utf8()).then()))) {
            nodes.session()
                    .openStream("quotes", StreamConfig.reliable())
                    .send(Flux.range(0, 1_000).map(i -> "x".repeat(100)), Codec.utf8())
                    .subscribe();
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.STREAM_ELEMENTS, "quotes", "reliable", "sent"))
                    .isEqualTo(1_000);
            assertThat(b.value(WeirMeter.STREAM_ELEMENTS, "quotes", "reliable", "received"))
                    .isEqualTo(1_000);
            assertThat(a.value(WeirMeter.STREAM_BYTES, "quotes", "reliable", "sent"))
                    .isEqualTo(100_000);
            assertThat(b.value(WeirMeter.STREAM_BYTES, "quotes", "reliable", "received"))
                    .isEqualTo(100_000);
            assertThat(a.value(WeirMeter.RECORD_BYTES, "memory", "sent"))
                    .isEqualTo(b.value(WeirMeter.RECORD_BYTES, "memory", "received"))
                    .isBetween(100_000.0, 110_000.0);
            assertThat(a.value(WeirMeter.RECORDS, "memory", "sent"))
                    .isEqualTo(b.value(WeirMeter.RECORDS, "memory", "received"))
                    .isPositive();
            assertThat(a.value(WeirMeter.STREAM_GRANTS, "quotes", "reliable", "received"))
                    .isPositive();
        }
    }

    @Test
    void countsStreamsByTypeAndForgetsNothingOfThoseThatAreOver() {
        try (TestNodes nodes = pair(spec -> spec.onStream("quotes/A", MetersTest::echo)
                .onStream("quotes/B", MetersTest::echo)
                .onStream("hello", MetersTest::echo))) {
            for (String name : new String[] {"quotes/A", "quotes/B", "hello"}) {
                nodes.session()
                        .exchange(name, Flux.just("a", "b"), Codec.utf8(), Codec.utf8())
                        .subscribe();
            }
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.STREAMS_OPENED, "quotes", "reliable")).isEqualTo(2);
            assertThat(a.value(WeirMeter.STREAMS_ENDED, "quotes", "reliable", "success"))
                    .isEqualTo(2);
            assertThat(a.value(WeirMeter.STREAMS, "quotes", "reliable")).isZero();
            assertThat(a.value(WeirMeter.STREAM_ELEMENTS, "quotes", "reliable", "received"))
                    .isEqualTo(4);
            assertThat(b.value(WeirMeter.STREAM_ELEMENTS, "quotes", "reliable", "sent"))
                    .isEqualTo(4);
            assertThat(b.value(WeirMeter.STREAM_ELEMENTS, "words", "reliable", "sent"))
                    .isEqualTo(2);
        }
    }

    @Test
    void tellsWhyStreamsHaveEnded() {
        try (TestNodes nodes = pair(spec -> spec.onStream("quotes/never", stream -> Mono.never())
                .onStream("quotes/fails", stream -> Mono.error(new IllegalStateException("test"))))) {
            Disposable cancelled =
                    nodes.session().subscribe("quotes/never", Codec.utf8()).subscribe(v -> {}, e -> {});
            nodes.session().subscribe("quotes/fails", Codec.utf8()).subscribe(v -> {}, e -> {});
            nodes.session().subscribe("quotes/never", Codec.utf8()).subscribe(v -> {}, e -> {});
            nodes.advance(SECOND);
            cancelled.dispose();
            nodes.advance(SECOND);
            for (Metered side : List.of(a, b)) {
                assertThat(side.value(WeirMeter.STREAMS_ENDED, "quotes", "reliable", "cancelled"))
                        .isEqualTo(1);
                assertThat(side.value(WeirMeter.STREAMS_ENDED, "quotes", "reliable", "application_error"))
                        .isEqualTo(1);
                assertThat(side.value(WeirMeter.STREAMS, "quotes", "reliable")).isEqualTo(1);
            }

            nodes.link("a", "b").partition();
            nodes.advance(NodeLimits.defaults().silenceLimit().multipliedBy(2));
            for (Metered side : List.of(a, b)) {
                assertThat(side.value(WeirMeter.STREAMS_ENDED, "quotes", "reliable", "silence"))
                        .as("its session has taken it along")
                        .isEqualTo(1);
                assertThat(side.value(WeirMeter.STREAMS, "quotes", "reliable")).isZero();
                assertThat(side.value(WeirMeter.STREAMS_ENDED, "quotes", "reliable", "success"))
                        .isZero();
            }
        }
    }

    private static Mono<Void> echo(PeerStream stream) {
        return stream.send(stream.receive(Codec.utf8()), Codec.utf8());
    }

    // ---- where the second goes

    @Test
    void eachSecondOfAHalfGoesToOneOfFourStatesAndTheyAddUpToTheHalves() {
        Sinks.Many<String> late = Sinks.many().unicast().onBackpressureBuffer();
        StreamConfig small = StreamConfig.reliable().withFixedWindow(10_000);
        try (TestNodes nodes = pair(spec -> spec.onStream("quotes", small, stream -> {
            stream.receive(Codec.utf8()).subscribe(new NeverAsking());
            return Mono.never();
        }))) {
            PeerStream stalled = nodes.session().openStream("quotes", StreamConfig.reliable());
            stalled.send(late.asFlux(), Codec.utf8()).subscribe(v -> {}, e -> {});
            nodes.advance(SECOND.multipliedBy(2));
            for (int i = 0; i < 200; i++) {
                late.tryEmitNext("x".repeat(100));
            }
            nodes.advance(SECOND.multipliedBy(5));

            assertThat(a.value(WeirMeter.STREAM_HALVES, "quotes", "reliable")).isEqualTo(1);
            assertThat(a.value(WeirMeter.STREAM_TIME, "quotes", "reliable", "idle"))
                    .isEqualTo(2);
            assertThat(a.value(WeirMeter.STREAM_TIME, "quotes", "reliable", "blocked_by_credit"))
                    .isEqualTo(5);
            assertThat(a.value(WeirMeter.STREAM_TIME, "quotes", "reliable", "sending"))
                    .isZero();
            assertThat(a.value(WeirMeter.STREAM_TIME, "quotes", "reliable", "blocked_by_link"))
                    .isZero();
            assertThat(a.value(WeirMeter.STREAM_WINDOW, "quotes", "reliable")).isBetween(9_000.0, 10_000.0);
            assertThat(b.value(WeirMeter.STREAM_PENDING, "quotes", "reliable"))
                    .as("what the subscriber has not asked for")
                    .isEqualTo(a.value(WeirMeter.STREAM_ELEMENTS, "quotes", "reliable", "sent"))
                    .isPositive();

            nodes.advance(SECOND.multipliedBy(3));
            assertThat(a.value(WeirMeter.STREAM_TIME, "quotes", "reliable", "blocked_by_credit"))
                    .as("while it goes on")
                    .isEqualTo(8);
            stalled.dispose();
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.STREAM_HALVES, "quotes", "reliable")).isZero();
            assertThat(a.value(WeirMeter.STREAM_TIME, "quotes", "reliable", "blocked_by_credit"))
                    .isEqualTo(8);
        }
    }

    @Test
    void seesOneHalfThatStallsAmongOthersThatGoOn() {
        StreamConfig small = StreamConfig.reliable().withFixedWindow(10_000);
        Sinks.Many<String> steady = Sinks.many().unicast().onBackpressureBuffer();
        try (TestNodes nodes = pair(spec -> spec.onStream("quotes/stalled", small, stream -> {
                    stream.receive(Codec.utf8()).subscribe(new NeverAsking());
                    return Mono.never();
                })
                .onStream(
                        "quotes/steady",
                        small,
                        stream -> stream.receive(Codec.utf8()).then()))) {
            nodes.session()
                    .openStream("quotes/stalled", StreamConfig.reliable())
                    .send(Flux.range(0, 200).map(i -> "x".repeat(100)), Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            nodes.session()
                    .openStream("quotes/steady", StreamConfig.reliable())
                    .send(steady.asFlux(), Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.STREAM_STALLED, "quotes", "reliable")).isZero();
            nodes.advance(SECOND.multipliedBy(29));
            steady.tryEmitNext("y");
            assertThat(a.value(WeirMeter.STREAM_STALLED, "quotes", "reliable"))
                    .as("a second too early")
                    .isZero();
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.STREAM_STALLED, "quotes", "reliable")).isEqualTo(1);
            assertThat(a.value(WeirMeter.STREAM_HALVES, "quotes", "reliable")).isEqualTo(2);
            nodes.session().dispose();
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.STREAM_STALLED, "quotes", "reliable")).isZero();
        }
    }

    private static final class NeverAsking extends BaseSubscriber<String> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // nothing
        }
    }

    // ---- requests and messages

    @Test
    void takesTheTimeOfRequestsByOutcomeAndTellsTheHandlersPart() {
        Sinks.One<ByteBuffer> reply = Sinks.one();
        try (TestNodes nodes = pair(spec -> spec.onRequest("quotes", request -> reply.asMono())
                .onRequest("fails", request -> Mono.error(new IllegalStateException("test"))))) {
            nodes.session().request("quotes", "", Codec.utf8(), Codec.bytes()).subscribe();
            nodes.session().request("fails", "", Codec.utf8(), Codec.bytes()).subscribe(v -> {}, e -> {});
            nodes.advance(SECOND);
            assertThat(a.value(WeirMeter.REQUESTS_OPEN, "client")).isEqualTo(1);
            assertThat(b.value(WeirMeter.REQUESTS_OPEN, "server")).isEqualTo(1);
            reply.tryEmitValue(ByteBuffer.allocate(1));
            nodes.advance(SECOND);

            assertThat(a.total(WeirMeter.REQUESTS, "client", "quotes", "success"))
                    .isEqualTo(SECOND);
            assertThat(b.total(WeirMeter.REQUESTS, "server", "quotes", "success"))
                    .isEqualTo(SECOND);
            assertThat(b.total(WeirMeter.REQUESTS_SERVICE, "server", "quotes")).isEqualTo(SECOND);
            assertThat(b.total(WeirMeter.REQUESTS_QUEUE, "server", "quotes")).isZero();
            assertThat(b.value(WeirMeter.REQUESTS_QUEUE, "server", "quotes")).isEqualTo(1);
            assertThat(a.value(WeirMeter.REQUESTS, "client", "words", "application_error"))
                    .isEqualTo(1);
            assertThat(a.value(WeirMeter.REQUESTS_OPEN, "client")).isZero();
        }
    }

    @Test
    void sumsUpRequestsThatEndTogetherByTypeAndOutcome() {
        NodeObserver observer = a.metrics.observer();
        PeerSession session = EveryMeter.session(Identity.generate().peerId());
        observer.onAsked(
                session,
                Done.of(
                        new RequestDone("quotes/a", ErrorCode.NONE, 1, 10),
                        new RequestDone("quotes/a", ErrorCode.NONE, 2, 20),
                        new RequestDone("quotes/b", ErrorCode.NONE, 3, 30),
                        new RequestDone("quotes/b", ErrorCode.BUSY, 4, 40),
                        new RequestDone("hello", ErrorCode.NONE, 5, 50)));
        observer.onAsked(session, Done.of("quotes/a", ErrorCode.NONE, 6, 60));
        assertThat(a.value(WeirMeter.REQUESTS, "client", "quotes", "success")).isEqualTo(4);
        assertThat(a.total(WeirMeter.REQUESTS, "client", "quotes", "success")).isEqualTo(Duration.ofNanos(132));
        assertThat(a.value(WeirMeter.REQUESTS, "client", "quotes", "busy")).isEqualTo(1);
        assertThat(a.total(WeirMeter.REQUESTS, "client", "words", "success")).isEqualTo(Duration.ofNanos(55));
        assertThat(a.value(WeirMeter.REQUESTS_QUEUE, "client", "quotes")).isEqualTo(5);
        assertThat(a.total(WeirMeter.REQUESTS_QUEUE, "client", "quotes")).isEqualTo(Duration.ofNanos(16));
        assertThat(a.total(WeirMeter.REQUESTS_SERVICE, "client", "quotes")).isEqualTo(Duration.ofNanos(160));
    }

    @Test
    void tellsTheLongestRequestOfTheLastTwoMinutes() {
        NodeObserver observer = a.metrics.observer();
        PeerSession session = EveryMeter.session(Identity.generate().peerId());
        observer.onAnswered(
                session,
                Done.of(
                        new RequestDone("quotes", ErrorCode.NONE, 0, 1_000_000),
                        new RequestDone("quotes", ErrorCode.NONE, 1_000_000_000, 2_000_000_000),
                        new RequestDone("quotes", ErrorCode.NONE, 0, 5)));
        assertThat(a.value(WeirMeter.REQUESTS_MAX, "server", "quotes", "success"))
                .isEqualTo(3);
        a.clock.add(Duration.ofSeconds(100));
        observer.onAnswered(session, Done.of("quotes", ErrorCode.NONE, 0, 1_000_000));
        a.clock.add(Duration.ofSeconds(60));
        assertThat(a.value(WeirMeter.REQUESTS_MAX, "server", "quotes", "success"))
                .isEqualTo(0.001);
    }

    @Test
    void recordsEachRequestForItselfWherePercentilesAreWanted() {
        Metered each = new Metered(MeterOptions.defaults().withEachRequest(true));
        NodeObserver observer = each.metrics.observer();
        PeerSession session = EveryMeter.session(Identity.generate().peerId());
        observer.onAsked(
                session,
                Done.of(
                        new RequestDone("a", ErrorCode.NONE, 0, 1_000),
                        new RequestDone("a", ErrorCode.NONE, 0, 3_000)));
        Timer timer = each.registry.get(WeirMeter.REQUESTS.meterName()).timer();
        assertThat(timer.count()).isEqualTo(2);
        assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(4_000);
        assertThat(timer.max(TimeUnit.NANOSECONDS)).isEqualTo(3_000);
        assertThat(each.value(WeirMeter.REQUESTS_MAX, "client", "other", "success"))
                .isEqualTo(3e-6);
    }

    @Test
    void countsWhatIsTurnedAwayAndWhatWaits() {
        try (TestNodes nodes = pair(spec -> spec.onMessage("slow", message -> Mono.never()))) {
            nodes.session().request("none", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            nodes.session()
                    .exchange("none", Mono.just(""), Codec.utf8(), Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            nodes.session().send("none", "", Codec.utf8()).subscribe();
            nodes.session().send("slow", "", Codec.utf8()).subscribe();
            nodes.advance(SECOND);
            assertThat(b.value(WeirMeter.REFUSALS, "request", "no_handler")).isEqualTo(1);
            assertThat(b.value(WeirMeter.REFUSALS, "stream", "refused")).isEqualTo(1);
            assertThat(b.value(WeirMeter.REFUSALS, "message", "no_handler")).isEqualTo(1);
            assertThat(b.value(WeirMeter.MESSAGES_WAITING)).isEqualTo(1);
        }
    }

    // ---- memory

    @Test
    void tellsTheMemoryThatIsPromisedUntilItComesBack() {
        TestNodes nodes = pair(spec -> spec.onStream("quotes", stream -> Mono.never()));
        try (nodes) {
            nodes.session()
                    .openStream("quotes", StreamConfig.reliable())
                    .receive(Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            nodes.advance(SECOND);
            assertThat(b.value(WeirMeter.MEMORY_PROMISED))
                    .isEqualTo(nodes.node("b").reservedBytes())
                    .isPositive();
        }
        assertThat(b.value(WeirMeter.MEMORY_PROMISED)).isZero();
    }

    @Test
    void tellsTheMemoryOfWhatPeersHaveNotTaken() {
        TestNodes nodes = pair(spec -> spec.onStream("quotes", stream -> Mono.never()));
        try (nodes) {
            nodes.link("a", "b").partition();
            PeerStream stream = nodes.session().openStream("quotes", StreamConfig.reliable());
            stream.send(Flux.just("x".repeat(1_000)).concatWith(Flux.never()), Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            nodes.session()
                    .request("quotes", "x".repeat(100_000), Codec.utf8(), Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            assertThat(a.value(WeirMeter.MEMORY_UNSENT))
                    .isEqualTo(nodes.node("a").unsentBytes())
                    .isPositive();
        }
        assertThat(a.value(WeirMeter.MEMORY_UNSENT)).isZero();
    }

    /** The links of a simulated network take everything, so these nodes only say what they would. */
    @Test
    void tellsHowManySessionsWantToWrite() {
        assertThat(a.value(WeirMeter.SESSIONS_WRITING)).isZero();
        PeerNode slow = withSessionsThatWantToWrite(3);
        PeerNode slower = withSessionsThatWantToWrite(4);
        a.metrics.observer().onNodeStarted(slow);
        a.metrics.observer().onNodeStarted(slower);
        assertThat(a.value(WeirMeter.SESSIONS_WRITING)).isEqualTo(7);
        a.metrics.observer().onNodeClosed(slower);
        assertThat(a.value(WeirMeter.SESSIONS_WRITING)).isEqualTo(3);
    }

    private static PeerNode withSessionsThatWantToWrite(long count) {
        NodeStats stats = new NodeStats(
                List.of(),
                Map.of(),
                count,
                new NodeStats.TurnedAway(0, Map.of()),
                NodeStats.Traffic.NONE,
                new NodeStats.Moves(0, 0),
                new NodeStats.Handled(0, Map.of(), 0, 0),
                Map.of(),
                Map.of(),
                new FastPathStats(0, 0),
                DatagramCounts.NONE,
                Map.of(),
                new NodeStats.Memory(0, 0, 0, 0));
        return (PeerNode) Proxy.newProxyInstance(
                PeerNode.class.getClassLoader(),
                new Class<?>[] {PeerNode.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "stats" -> stats;
                    case "datagramCounts" -> DatagramCounts.NONE;
                    case "droppedDatagrams" -> Map.of();
                    case "hashCode" -> System.identityHashCode(stats);
                    case "equals" -> self == arguments[0];
                    default -> throw new IllegalStateException("unexpected: " + method);
                });
    }

    // ---- the table

    @Test
    void everyMeterThatIsMadeIsInTheTableWithItsKindItsUnitAndExactlyItsTags() {
        try (TestNodes nodes = pair(spec -> spec.onStream("quotes", MetersTest::echo)
                .onRequest("quotes", request -> Mono.just(request.payload())))) {
            EveryMeter.use(nodes);
        }
        EveryMeter.make(a.metrics);
        Set<String> names = new TreeSet<>();
        for (Meter meter : a.registry.getMeters()) {
            WeirMeter known = Arrays.stream(WeirMeter.values())
                    .filter(each -> each.meterName().equals(meter.getId().getName()))
                    .findAny()
                    .orElseThrow(() -> new AssertionError(meter.getId() + " is not in the table"));
            assertThat(meter.getId().getTags())
                    .as(known.name())
                    .extracting(Tag::getKey)
                    .containsExactlyInAnyOrderElementsOf(
                            known.tags().stream().map(WeirTag::key).toList());
            assertThat(meter.getId().getType()).as(known.name()).isEqualTo(known.type());
            if (known.type() != Meter.Type.TIMER) {
                assertThat(meter.getId().getBaseUnit()).as(known.name()).isEqualTo(known.unit());
            }
            names.add(known.meterName());
        }
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(WeirMeter.values())
                        .map(WeirMeter::meterName)
                        .collect(Collectors.toSet()));
    }
}
