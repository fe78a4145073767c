package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.HalfState;
import io.weir.core.stream.SendTimes;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.MessageStats;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class NodeObserverTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long NANOS = SECOND.toNanos();
    private static final StreamConfig CONFIG = StreamConfig.reliable().withFixedWindow(10_000);

    private final Heard here = new Heard();
    private final Heard there = new Heard();

    // ---- connections

    @Test
    void hearsHowADialAndItsHandshakeWent() {
        try (NodePair pair = pair(spec -> spec)) {
            assertThat(here.dials).singleElement().satisfies(dial -> {
                assertThat(dial.address()).isEqualTo(pair.network.address(NodePair.NAME));
                assertThat(dial.failure()).isNull();
                assertThat(dial.nanos()).isNotNegative();
            });
            assertThat(here.handshakes).singleElement().satisfies(handshake -> {
                assertThat(handshake.initiator()).isTrue();
                assertThat(handshake.peer()).isEqualTo(pair.server.id());
                assertThat(handshake.failure()).isNull();
                assertThat(handshake.sessionId()).isEqualTo(pair.session.id());
            });
            assertThat(there.dials).isEmpty();
            assertThat(there.handshakes).singleElement().satisfies(handshake -> {
                assertThat(handshake.initiator()).isFalse();
                assertThat(handshake.peer()).isEqualTo(pair.client.id());
                assertThat(handshake.failure()).isNull();
            });
            assertThat(here.sessions).containsExactly("ready " + pair.session);
        }
        assertThat(here.sessions).hasSize(2);
        assertThat(here.sessions.get(1)).startsWith("ended").contains("NODE_CLOSED");
    }

    @Test
    void takesTheTimeOfAHandshake() {
        Duration latency = Duration.ofMillis(25);
        try (NodePair pair =
                NodePair.paced(latency, Long.MAX_VALUE, spec -> spec.observer(there), spec -> spec.observer(here))) {
            assertThat(here.handshakes)
                    .singleElement()
                    .extracting(NodeObserver.Handshake::nanos)
                    .isEqualTo(latency.multipliedBy(4).toNanos());
            assertThat(pair.session.isDisposed()).isFalse();
        }
    }

    @Test
    void hearsWhyTheyFailed() {
        try (NodePair pair = pair(spec -> spec)) {
            PeerAddress nobody = pair.network.address("nobody");
            pair.client.connect(nobody).subscribe(session -> {}, e -> {});
            pair.settle();
            assertThat(here.dials).last().satisfies(dial -> {
                assertThat(dial.address()).isEqualTo(nobody);
                assertThat(dial.failure()).isNotNull();
            });

            pair.network
                    .node("picky")
                    .listen(pair.network.address("picky"))
                    .admission(PeerAdmission.allowList(List.of()))
                    .observer(there)
                    .start()
                    .subscribe();
            pair.settle();
            pair.client.connect(pair.network.address("picky")).subscribe(session -> {}, e -> {});
            pair.settle();
            pair.advance(SECOND);
            assertThat(failures(here.handshakes)).contains("NOT_ADMITTED");
            assertThat(failures(there.handshakes)).contains("NOT_ADMITTED");
            assertThat(here.dials)
                    .last()
                    .satisfies(dial -> assertThat(dial.failure())
                            .extracting(CloseReason::error)
                            .isEqualTo(ErrorCode.NOT_ADMITTED));
        }
    }

    private static List<String> failures(List<NodeObserver.Handshake> handshakes) {
        return handshakes.stream()
                .map(handshake -> handshake.failure() == null
                        ? "none"
                        : handshake.failure().error().name())
                .toList();
    }

    // ---- records

    @Test
    void hearsEveryRecordAtBothEnds() {
        try (NodePair pair = pair(spec -> spec.onRequest("echo", request -> Mono.just(request.payload())))) {
            pair.settle();
            pair.session
                    .request("echo", "a".repeat(10_000), Codec.utf8(), Codec.utf8())
                    .subscribe();
            pair.settle();

            assertThat(here.sent).isEqualTo(there.received);
            assertThat(here.received).isEqualTo(there.sent);
            assertThat(here.sent.stream().mapToInt(i -> i).sum()).isBetween(10_000, 12_000);
            assertThat(here.received.stream().mapToInt(i -> i).sum()).isBetween(10_000, 12_000);
        }
    }

    // ---- credit and halves

    @Test
    void hearsTheCreditThatIsGivenAndGot() {
        try (NodePair pair = pair(spec -> spec.onStream(
                "x", CONFIG, stream -> stream.receive(Codec.utf8()).then()))) {
            pair.session
                    .openStream("x", CONFIG)
                    .send(Flux.range(0, 1_000).map(i -> "a".repeat(84)), Codec.utf8())
                    .subscribe();
            pair.settle();

            long got = here.got.stream().mapToLong(i -> i).sum();
            assertThat(got).isGreaterThanOrEqualTo(90_000);
            assertThat(there.given.stream().mapToLong(i -> i).sum()).isGreaterThanOrEqualTo(got);
            assertThat(here.given).isEmpty();
        }
    }

    @Test
    void hearsEachStateOfAHalfAndTheyAddUpToWhatItsStatsTell() {
        BaseSubscriber<String> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}
        };
        try (NodePair pair = pair(spec -> spec.onStream("x", CONFIG, stream -> {
            stream.receive(Codec.utf8()).subscribe(subscriber);
            return Mono.never();
        }))) {
            PeerStream stream = pair.session.openStream("x", CONFIG);
            stream.send(
                            Mono.delay(SECOND, pair.time)
                                    .thenMany(Flux.range(0, 150))
                                    .map(i -> "a".repeat(84)),
                            Codec.utf8())
                    .subscribe();
            pair.settle();
            pair.advance(SECOND);
            assertThat(here.states).containsExactly("IDLE 1000 SENDING", "SENDING 0 BLOCKED_BY_CREDIT");

            pair.advance(SECOND.multipliedBy(3));
            subscriber.request(Long.MAX_VALUE);
            pair.settle();
            assertThat(here.states.get(2)).startsWith("BLOCKED_BY_CREDIT 3000");
            SendTimes times = stream.stats().times();
            assertThat(times).isEqualTo(here.times());
            assertThat(times).isEqualTo(new SendTimes(0, 3 * NANOS, 0, NANOS));
        }
    }

    // ---- requests

    @Test
    void hearsHowARequestEndedAndHowLongItTook() {
        try (NodePair pair = pair(spec -> spec.onRequest("never", request -> Mono.never()))) {
            pair.session.request("none", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            assertThat(here.asked).containsExactly(new NodeObserver.RequestDone("none", ErrorCode.NO_HANDLER, 0, 0));

            pair.session
                    .request("never", "", Codec.utf8(), Codec.utf8())
                    .subscribe()
                    .dispose();
            pair.settle();
            assertThat(here.asked.get(1)).isEqualTo(new NodeObserver.RequestDone("never", ErrorCode.CANCELLED, 0, 0));

            pair.session.request("never", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            pair.advance(NodeLimits.defaults().requestTimeout());
            assertThat(here.asked.get(2))
                    .isEqualTo(new NodeObserver.RequestDone(
                            "never",
                            ErrorCode.REQUEST_TIMEOUT,
                            0,
                            NodeLimits.defaults().requestTimeout().toNanos()));
        }
    }

    @Test
    void hearsHowLongTheHandlerOfARequestTook() {
        Sinks.One<ByteBuffer> reply = Sinks.one();
        try (NodePair pair = pair(spec -> spec.onRequest("late", request -> reply.asMono())
                .onRequest("fails", request -> Mono.error(new IllegalStateException("test")))
                .onRequest("never", request -> Mono.never()))) {
            ask(pair, "late");
            pair.advance(SECOND);
            reply.tryEmitValue(ByteBuffer.allocate(1));
            pair.settle();
            ask(pair, "fails");
            ask(pair, "none");
            Disposable given = ask(pair, "never");
            pair.advance(SECOND);
            given.dispose();
            pair.settle();
            assertThat(there.answered)
                    .containsExactly(
                            new NodeObserver.RequestDone("late", ErrorCode.NONE, 0, NANOS),
                            new NodeObserver.RequestDone("fails", ErrorCode.APPLICATION_ERROR, 0, 0),
                            new NodeObserver.RequestDone("never", ErrorCode.CANCELLED, 0, NANOS));
            assertThat(here.asked)
                    .contains(
                            new NodeObserver.RequestDone("late", ErrorCode.NONE, 0, NANOS),
                            new NodeObserver.RequestDone("fails", ErrorCode.APPLICATION_ERROR, 0, 0));
            assertThat(pair.session.messageStats())
                    .isEqualTo(new MessageStats(0, 0, 0, 0, 0, 1, here.asked.size() - 1, 0));
            assertThat(pair.serverSession().messageStats())
                    .isEqualTo(new MessageStats(0, 0, 0, 0, 0, 0, 0, there.answered.size()));
            ask(pair, "never");
        }
        assertThat(there.answered).hasSize(4);
    }

    @Test
    void tellsTheTimeThatARequestWaitedForAThreadFromThatOfItsHandler() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Scheduler workers = Schedulers.fromExecutor(tasks::add);
        try (NodePair pair = pair(spec ->
                spec.onRequest("work", ((RequestHandler) request -> Mono.just(request.payload())).on(workers)))) {
            ask(pair, "work");
            pair.advance(SECOND);
            assertThat(there.answered).isEmpty();
            tasks.removeFirst().run();
            pair.settle();
            assertThat(there.answered).containsExactly(new NodeObserver.RequestDone("work", ErrorCode.NONE, NANOS, 0));
        }
    }

    private static Disposable ask(NodePair pair, String route) {
        Disposable asked =
                pair.session.request(route, "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
        pair.settle();
        return asked;
    }

    // ---- memory

    @Test
    void hearsWhatMemoryIsPromisedAndThatAllComesBack() {
        NodePair pair = pair(spec -> spec.onStream("x", CONFIG, stream -> Mono.never()));
        try (pair) {
            pair.session
                    .openStream("x", CONFIG)
                    .send(Flux.<String>never(), Codec.utf8())
                    .subscribe();
            pair.settle();
            assertThat(there.promised).isEqualTo(pair.server.reservedBytes()).isPositive();
        }
        assertThat(there.promised).isZero();
        assertThat(here.promised).isZero();
    }

    // ---- harm

    @Test
    void anObserverThatAlwaysThrowsHarmsNobody() {
        NodeObserver bad = (NodeObserver) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {NodeObserver.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("test");
                });
        try (NodePair pair = NodePair.of(
                spec -> spec.observer(bad).observer(there).onRequest("echo", request -> Mono.just(request.payload())),
                spec -> spec.observer(bad).observer(here))) {
            List<String> replies = new ArrayList<>();
            pair.session.request("echo", "a", Codec.utf8(), Codec.utf8()).subscribe(replies::add);
            pair.settle();
            assertThat(replies).containsExactly("a");
            assertThat(here.asked).hasSize(1);
        }
    }

    private NodePair pair(UnaryOperator<PeerNodeSpec> serverSpec) {
        return NodePair.of(spec -> serverSpec.apply(spec.observer(there)), spec -> spec.observer(here));
    }

    private static final class Heard implements NodeObserver {
        private final List<Dial> dials = new ArrayList<>();
        private final List<Handshake> handshakes = new ArrayList<>();
        private final List<String> sessions = new ArrayList<>();
        private final List<Integer> sent = new ArrayList<>();
        private final List<Integer> received = new ArrayList<>();
        private final List<Long> given = new ArrayList<>();
        private final List<Long> got = new ArrayList<>();
        private final List<String> states = new ArrayList<>();
        private final Map<HalfState, Long> nanosByState = new EnumMap<>(HalfState.class);
        private final List<RequestDone> asked = new ArrayList<>();
        private final List<RequestDone> answered = new ArrayList<>();
        private long promised;

        SendTimes times() {
            return new SendTimes(
                    nanosByState.getOrDefault(HalfState.SENDING, 0L),
                    nanosByState.getOrDefault(HalfState.BLOCKED_BY_CREDIT, 0L),
                    nanosByState.getOrDefault(HalfState.BLOCKED_BY_LINK, 0L),
                    nanosByState.getOrDefault(HalfState.IDLE, 0L));
        }

        @Override
        public void onDial(Dial dial) {
            dials.add(dial);
        }

        @Override
        public void onHandshake(Handshake handshake) {
            handshakes.add(handshake);
        }

        @Override
        public void onSessionReady(PeerSession session) {
            sessions.add("ready " + session);
        }

        @Override
        public void onSessionEnded(PeerSession session, CloseReason reason) {
            sessions.add("ended " + session + " " + reason);
        }

        @Override
        public void onRecordSent(PeerSession session, int bytes) {
            sent.add(bytes);
        }

        @Override
        public void onRecordReceived(PeerSession session, int bytes) {
            received.add(bytes);
        }

        @Override
        public void onCreditGiven(PeerSession session, StreamId stream, long bytes) {
            given.add(bytes);
        }

        @Override
        public void onCreditGot(PeerSession session, StreamId stream, long bytes) {
            got.add(bytes);
        }

        @Override
        public void onHalfState(PeerSession session, StreamId stream, HalfState left, long nanos, HalfState entered) {
            states.add(left + " " + nanos / 1_000_000 + " " + entered);
            nanosByState.merge(left, nanos, Long::sum);
        }

        @Override
        public void onAsked(PeerSession session, RequestDone request) {
            asked.add(request);
        }

        @Override
        public void onAnswered(PeerSession session, RequestDone request) {
            answered.add(request);
        }

        @Override
        public void onMemoryPromised(PeerSession session, long bytes) {
            promised += bytes;
        }
    }
}
