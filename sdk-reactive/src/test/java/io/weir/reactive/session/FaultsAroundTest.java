package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.operator.CreditGate;
import io.weir.reactive.operator.CreditGrant;
import io.weir.reactive.operator.CreditWindow;
import io.weir.reactive.operator.Heartbeats;
import io.weir.reactive.operator.PeerRetry;
import io.weir.reactive.operator.Reconnect;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** User code that throws where no stream, request or message is concerned, and on real sockets. */
class FaultsAroundTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    // ---- admission

    @ParameterizedTest
    @EnumSource
    void anAdmissionThatThrowsAdmitsNobodyAndKeepsNobodyWaiting(Blow.Kind kind) {
        assertAdmission(kind, blow -> candidate -> {
            blow.strike();
            return Mono.just(true);
        });
        assertAdmission(kind, blow -> PeerAdmission.matching(candidate -> blow.strikeOr(true)));
    }

    private static void assertAdmission(Blow.Kind kind, Function<Blow, PeerAdmission> admission) {
        try (Blow blow = new Blow(kind)) {
            VirtualTimeScheduler time = VirtualTimeScheduler.create();
            MemoryNetwork network = MemoryNetwork.on(time);
            PeerNode server = started(
                    time,
                    Weir.node()
                            .admission(admission.apply(blow))
                            .listen(PeerAddress.memory("server"))
                            .transport(network.transport()));
            PeerNode client = started(time, Weir.node().transport(network.transport()));
            List<Object> outcomes = new ArrayList<>();
            client.connect(PeerAddress.memory("server")).subscribe(outcomes::add, outcomes::add);
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(outcomes)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            WeirException.class,
                            e -> assertThat(e.reason().error())
                                    .isEqualTo(blow.isFatal() ? ErrorCode.INTERNAL : ErrorCode.NOT_ADMITTED));
            client.connect(PeerAddress.memory("server")).subscribe(outcomes::add, outcomes::add);
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(outcomes.get(1)).isInstanceOf(PeerSession.class);
            assertThat(blow.uncaught).hasSize(blow.isFatal() ? 1 : 0);
            client.dispose();
            server.dispose();
            time.advanceTimeBy(Duration.ofSeconds(2));
            time.dispose();
        }
    }

    private static PeerNode started(VirtualTimeScheduler time, PeerNodeSpec spec) {
        AtomicReference<@Nullable PeerNode> node = new AtomicReference<>();
        spec.start().subscribe(node::set);
        time.advanceTime();
        return Objects.requireNonNull(node.get(), "not started");
    }

    // ---- ends of sessions and nodes

    @ParameterizedTest
    @EnumSource
    void oneWhoThrowsAtAnEndKeepsItFromNobody(Blow.Kind kind) {
        assertEndIsToldToOthers(kind, pair -> pair.session.onClose());
        assertEndIsToldToOthers(kind, pair -> pair.session.onDrain());
        assertEndIsToldToOthers(kind, pair -> pair.session.drain(Duration.ofSeconds(1)));
        assertEndIsToldToOthers(kind, pair -> pair.session.close());
        assertEndIsToldToOthers(kind, pair -> pair.client.onClose());
        assertEndIsToldToOthers(kind, pair -> pair.client.close());
        assertEndIsToldToOthers(kind, pair -> pair.client.shutdown(Duration.ofSeconds(1)));
    }

    private static void assertEndIsToldToOthers(Blow.Kind kind, Function<NodePair, Mono<?>> end) {
        try (Blow blow = new Blow(kind)) {
            AtomicInteger others = new AtomicInteger();
            try (NodePair pair = NodePair.of(spec -> spec)) {
                end.apply(pair).subscribe(throwing(blow));
                end.apply(pair).subscribe(v -> {}, e -> {}, others::incrementAndGet);
                pair.client.dispose();
                pair.advance(Duration.ofSeconds(3));
            }
            assertThat(blow.thrown).isPositive();
            assertThat(others).hasValue(1);
            assertThat(blow.uncaught).hasSize(blow.isFatal() ? 1 : 0);
        }
    }

    private static <T> CoreSubscriber<T> throwing(Blow blow) {
        return new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription s) {
                s.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(T value) {}

            @Override
            public void onError(Throwable e) {
                blow.strike();
            }

            @Override
            public void onComplete() {
                blow.strike();
            }
        };
    }

    // ---- operators

    @ParameterizedTest
    @EnumSource
    void anOperatorWhoseFunctionThrowsTellsItsSubscriberAndCancelsItsSource(Blow.Kind kind) {
        assertFails(
                kind, blow -> source -> source.transform(CreditGate.of(Flux.never(), v -> blow.strikeOr(1), 1_000)));
        assertFails(
                kind,
                blow -> source -> source.transform(
                        CreditGrant.of(CreditWindow.fixed(1_000), v -> blow.strikeOr(1), grant -> {})));
        assertFails(
                kind,
                blow -> source ->
                        source.transform(CreditGrant.of(CreditWindow.fixed(1_000), v -> 1, grant -> blow.strike())));
    }

    @ParameterizedTest
    @EnumSource
    void aSourceThatThrowsWhenItIsAskedFailsTheFlux(Blow.Kind kind) {
        try (Blow blow = new Blow(kind)) {
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Flux.from((Publisher<Integer>) subscriber -> subscriber.onSubscribe(new Subscription() {
                        @Override
                        public void request(long n) {
                            blow.strike();
                        }

                        @Override
                        public void cancel() {}
                    }))
                    .transform(CreditGate.of(Flux.never(), v -> 1, 1_000))
                    .subscribe(v -> {}, failure::set);
            assertThat(failure.get()).isSameAs(blow.kind.throwable);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBeatThatCannotBeMadeFailsTheFlux(Blow.Kind kind) {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        try (Blow blow = new Blow(kind)) {
            AtomicInteger cancelled = new AtomicInteger();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Flux.<Integer>never()
                    .doOnCancel(cancelled::incrementAndGet)
                    .transform(Heartbeats.emit(Duration.ofSeconds(1), () -> blow.strikeOr(1), time))
                    .subscribe(v -> {}, failure::set);
            time.advanceTimeBy(Duration.ofSeconds(2));
            assertThat(failure.get()).isSameAs(blow.kind.throwable);
            assertThat(cancelled).hasPositiveValue();
            assertThat(blow.uncaught).hasSize(blow.isFatal() ? 1 : 0);
        } finally {
            time.dispose();
        }
    }

    private static void assertFails(Blow.Kind kind, Function<Blow, Function<Flux<Integer>, Flux<Integer>>> operator) {
        try (Blow blow = new Blow(kind)) {
            AtomicInteger cancelled = new AtomicInteger();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Flux<Integer> source = Flux.just(1).concatWith(Flux.never()).doOnCancel(cancelled::incrementAndGet);
            operator.apply(blow).apply(source).subscribe(v -> {}, failure::set);
            assertThat(failure.get()).isSameAs(blow.kind.throwable);
            assertThat(cancelled).hasPositiveValue();
            assertThat(blow.uncaught).hasSize(blow.isFatal() ? 1 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOperatorWhoseSubscriberThrowsCancelsItsSource(Blow.Kind kind) {
        try (Blow blow = new Blow(kind)) {
            AtomicInteger cancelled = new AtomicInteger();
            Sinks.Many<Integer> source = Sinks.many().unicast().onBackpressureBuffer();
            source.asFlux()
                    .doOnCancel(cancelled::incrementAndGet)
                    .transform(CreditGate.of(Flux.never(), v -> 1, 1_000))
                    .subscribe(new CoreSubscriber<>() {
                        @Override
                        public void onSubscribe(Subscription s) {
                            s.request(Long.MAX_VALUE);
                        }

                        @Override
                        public void onNext(Integer value) {
                            blow.strike();
                        }

                        @Override
                        public void onError(Throwable e) {}

                        @Override
                        public void onComplete() {}
                    });
            blow.call(() -> source.tryEmitNext(1));
            assertThat(blow.toCaller).containsExactly(blow.kind.throwable);
            assertThat(cancelled).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionOfReconnectThatThrowsEndsTheFlux(Blow.Kind kind) {
        try (Blow blow = new Blow(kind);
                NodePair pair = NodePair.of(spec -> spec)) {
            Peer peer = pair.client.peer(pair.server.id());
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Reconnect.<String>stream(
                            peer,
                            (session, resume) -> {
                                blow.strike();
                                return Flux.never();
                            },
                            PeerRetry.of(ConnectionPolicy.defaults()))
                    .subscribe(v -> {}, failure::set);
            pair.settle();
            assertThat(failure.get()).isSameAs(blow.kind.throwable);
            assertThat(blow.uncaught).hasSize(blow.isFatal() ? 1 : 0);
        }
    }

    // ---- discovery

    @ParameterizedTest
    @EnumSource
    void aDiscoveryThatThrowsTellsItsFollower(Blow.Kind kind) {
        try (Blow blow = new Blow(kind);
                NodePair pair = NodePair.of(spec -> spec)) {
            blow.call(() -> pair.client.peers().follow(subscriber -> blow.strike()));
            assertThat(blow.toCaller).containsExactly(blow.kind.throwable);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void aSetWithNullEndsFollowingAndNothingElse() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            AtomicInteger cancelled = new AtomicInteger();
            Set<PeerAddress> bad = new HashSet<>();
            bad.add(null);
            pair.client.peers().follow(Flux.just(bad).concatWith(Flux.never()).doOnCancel(cancelled::incrementAndGet));
            assertThat(cancelled).hasValue(1);
            assertThat(pair.client.peers().list()).isEmpty();
        }
    }

    // ---- hooks

    @ParameterizedTest
    @EnumSource
    void hooksThatThrowHarmNobody(Blow.Kind kind) {
        Hooks.onErrorDropped(e -> {
            throw new AssertionError("hook", e);
        });
        Hooks.onOperatorError((e, value) -> {
            throw new AssertionError("hook", e);
        });
        try (Blow blow = new Blow(kind);
                NodePair pair = NodePair.of(spec -> spec.onRequest(
                                "echo", RequestHandler.typed(Codec.utf8(), Codec.utf8(), Mono::just))
                        .onStream("x", stream -> stream.send(Flux.just("a"), Codec.utf8())))) {
            pair.session
                    .openStream("x", StreamConfig.reliable())
                    .receive(Codec.utf8())
                    .subscribe(value -> blow.strike());
            pair.settle();
            assertThat(blow.thrown).isPositive();
            AtomicReference<@Nullable String> answer = new AtomicReference<>();
            pair.session.request("echo", "on", Codec.utf8(), Codec.utf8()).subscribe(answer::set, e -> {});
            pair.settle();
            assertThat(answer.get()).isEqualTo(blow.isFatal() ? null : "on");
        } finally {
            Hooks.resetOnErrorDropped();
            Hooks.resetOnOperatorError();
        }
    }

    // ---- real sockets

    @Test
    void anOutOfMemoryErrorOverTcpReachesThePeerAsInternalAndLeavesTheLoopAlive() {
        AtomicInteger handled = new AtomicInteger();
        PeerNode server = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onRequest("x", request -> {
                    if (handled.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("test");
                    }
                    return Mono.just(request.payload());
                })
                .startNow(PATIENCE);
        PeerNode client = Weir.node().startNow(PATIENCE);
        try {
            PeerAddress address = server.addresses().get(0);
            PeerSession first = client.connectNow(address, PATIENCE);
            Mono<CloseReason> end = first.onClose().cache();
            first.request("x", "a", Codec.utf8(), Codec.utf8())
                    .onErrorComplete()
                    .block(PATIENCE);
            assertThat(end.block(PATIENCE)).isEqualTo(CloseReason.remote(ErrorCode.INTERNAL.number()));
            PeerSession second = client.connectNow(address, PATIENCE);
            assertThat(second.request("x", "a", Codec.utf8(), Codec.utf8()).block(PATIENCE))
                    .isEqualTo("a");
        } finally {
            client.close().block(PATIENCE);
            server.close().block(PATIENCE);
        }
    }
}
