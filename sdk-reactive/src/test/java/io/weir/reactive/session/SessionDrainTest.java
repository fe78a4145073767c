package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.GoingAwayException;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.DrainCutOff;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A session goes away: nothing new begins, what was begun ends well, or is cut off at the deadline. */
class SessionDrainTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LATENCY = Duration.ofMillis(10);
    private static final StreamConfig RELIABLE = StreamConfig.reliable();

    // ---- nothing to wait for

    @Test
    void closesAtOnceWhenNothingIsOpen() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Heard drained = new Heard(pair.session.drain(MINUTE));
            pair.settle();
            assertThat(drained.signals).containsExactly("complete");
            assertThat(pair.session.state()).isEqualTo(SessionState.CLOSED);
            assertThat(pair.serverSession().state()).isEqualTo(SessionState.CLOSED);
            assertThat(pair.session.onClose().block()).isEqualTo(CloseReason.local(ErrorCode.NONE));
            assertThat(pair.serverSession().onClose().block()).isEqualTo(CloseReason.remote(ErrorCode.NONE));
        }
    }

    @Test
    void isColdAndRefusesDeadlinesThatMakeNoSense() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Mono<Void> drain = pair.session.drain(MINUTE);
            pair.settle();
            assertThat(pair.session.state()).isEqualTo(SessionState.READY);
            for (Duration wrong :
                    List.of(Duration.ofNanos(-1), Duration.ofHours(1).plusNanos(1))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> pair.session.drain(wrong))
                        .withMessage("deadline is %s; legal: PT0S to PT1H", wrong);
            }
            drain.subscribe();
            pair.settle();
            assertThat(pair.session.state()).isEqualTo(SessionState.CLOSED);
        }
    }

    @Test
    void tellsWhoDrainsASessionThatHasEnded() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            pair.session.dispose();
            pair.settle();
            assertThat(new Heard(pair.session.drain(MINUTE)).signals).containsExactly("complete");
            assertThat(new Heard(pair.session.onDrain()).signals).containsExactly("complete");
        }
        try (NodePair pair = NodePair.of(spec -> spec)) {
            pair.network.reset(NodePair.NAME);
            pair.settle();
            assertThat(new Heard(pair.session.drain(MINUTE)).reason())
                    .isEqualTo(CloseReason.local(ErrorCode.LINK_LOST));
        }
    }

    // ---- streams

    @Test
    void letsWhatWasBegunGoOnInBothDirections() {
        Sinks.Many<String> there = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Many<String> back = Sinks.many().unicast().onBackpressureBuffer();
        List<String> arrived = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", stream -> {
            stream.receive(Codec.utf8()).subscribe(arrived::add);
            return stream.send(back.asFlux(), Codec.utf8());
        }))) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            Heard received = new Heard(stream.receive(Codec.utf8()));
            Heard sent = new Heard(stream.send(there.asFlux(), Codec.utf8()));
            pair.settle();
            Heard drained = new Heard(pair.session.drain(MINUTE));
            pair.settle();
            assertThat(pair.session.state()).isEqualTo(SessionState.DRAINING);
            assertThat(pair.serverSession().state()).isEqualTo(SessionState.DRAINING);
            assertThat(pair.session.isDisposed()).isFalse();

            there.tryEmitNext("a");
            back.tryEmitNext("b");
            pair.advance(MINUTE.dividedBy(2));
            assertThat(arrived).containsExactly("a");
            assertThat(received.signals).containsExactly("b");
            there.tryEmitComplete();
            pair.settle();
            assertThat(sent.signals).containsExactly("complete");
            assertThat(drained.signals).isEmpty();

            back.tryEmitComplete();
            pair.settle();
            assertThat(received.signals).containsExactly("b", "complete");
            assertThat(drained.signals).containsExactly("complete");
            assertThat(pair.session.state()).isEqualTo(SessionState.CLOSED);
            assertThat(pair.serverSession().state()).isEqualTo(SessionState.CLOSED);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitsUntilWhatWasSentIsConsumed(boolean byThePeer) {
        StreamConfig config = StreamConfig.fireAndForget();
        Heard slow = new Heard(0);
        try (NodePair pair =
                NodePair.of(spec -> spec.onStream("x", stream -> slow.pass(stream.receive(Codec.utf8()))))) {
            PeerStream stream = pair.session.openStream("x", config);
            Heard sent = new Heard(stream.send(Flux.just("a", "b"), Codec.utf8()));
            pair.settle();
            assertThat(sent.signals).containsExactly("complete");
            Heard drained = new Heard((byThePeer ? pair.session : pair.serverSession()).drain(MINUTE));
            pair.advance(MINUTE.dividedBy(2));
            assertThat(drained.signals).isEmpty();

            slow.request(2);
            pair.settle();
            assertThat(drained.signals).containsExactly("complete");
            assertThat(slow.signals).containsExactly("a", "b", "complete");
        }
    }

    @Test
    void opensNothingNewOnEitherSide() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", stream -> Mono.never()))) {
            hold(pair.session);
            pair.settle();
            new Heard(pair.session.drain(MINUTE));
            pair.settle();
            for (PeerSession session : List.of(pair.session, pair.serverSession())) {
                PeerStream late = session.openStream("late", RELIABLE);
                Heard received = new Heard(late.receive(Codec.utf8()));
                Heard sent = new Heard(late.send(Flux.just("a"), Codec.utf8()));
                pair.settle();
                assertThat(received.reason()).isEqualTo(CloseReason.local(ErrorCode.GOING_AWAY));
                assertThat(sent.reason()).isEqualTo(CloseReason.local(ErrorCode.GOING_AWAY));
                assertThat(sent.reason().retryable()).isTrue();
            }
            assertThat(pair.session.state()).isEqualTo(SessionState.DRAINING);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusesOpensThatCrossAsNotProcessed(boolean somethingElseIsOpen) {
        List<String> handled = new ArrayList<>();
        try (NodePair pair =
                paced(spec -> spec.onStream("hold", stream -> Mono.never()).onStream("x", stream -> {
                    handled.add("x");
                    return Mono.never();
                }))) {
            if (somethingElseIsOpen) {
                hold(pair.session);
                pair.advance(LATENCY.multipliedBy(4));
            }
            PeerStream crossing = pair.session.openStream("x", RELIABLE);
            Heard received = new Heard(crossing.receive(Codec.utf8()));
            Heard sent = new Heard(crossing.send(Flux.just("a"), Codec.utf8()));
            new Heard(pair.serverSession().drain(MINUTE));
            pair.advance(LATENCY.multipliedBy(4));
            assertThat(received.reason()).isEqualTo(CloseReason.remote(ErrorCode.GOING_AWAY));
            assertThat(sent.reason()).isEqualTo(CloseReason.remote(ErrorCode.GOING_AWAY));
            assertThat(handled).isEmpty();
            assertThat(pair.session.state())
                    .isEqualTo(somethingElseIsOpen ? SessionState.DRAINING : SessionState.CLOSED);
        }
    }

    @Test
    void opensWhatWaitedForCreditWhenItBegan() {
        NodeLimits one = NodeLimits.defaults().withMaxStreams(1);
        List<String> arrived = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.limits(one)
                .onStream("hold", stream -> Mono.never())
                .onStream(
                        "x",
                        stream -> stream.receive(Codec.utf8())
                                .doOnNext(arrived::add)
                                .then()))) {
            PeerStream holding = hold(pair.session);
            pair.settle();
            Heard sent = new Heard(pair.session.openStream("x", RELIABLE).send(Flux.just("a"), Codec.utf8()));
            pair.settle();
            Heard drained = new Heard(pair.session.drain(MINUTE));
            pair.settle();
            assertThat(arrived).isEmpty();

            holding.dispose();
            pair.settle();
            assertThat(arrived).containsExactly("a");
            assertThat(sent.signals).containsExactly("complete");
            assertThat(drained.signals).containsExactly("complete");
        }
    }

    @Test
    void aPublisherWithoutEndMayEndWithTheDrain() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "ticks",
                stream -> stream.send(
                        Flux.just("tick")
                                .concatWith(Flux.never())
                                .takeUntilOther(stream.session().onDrain()),
                        Codec.utf8())))) {
            PeerStream ticks = pair.session.openStream("ticks", RELIABLE);
            Heard received = new Heard(ticks.receive(Codec.utf8()));
            ticks.send(Mono.empty(), Codec.utf8()).subscribe();
            pair.settle();
            Heard drained = new Heard(pair.session.drain(MINUTE));
            pair.settle();
            assertThat(received.signals).containsExactly("tick", "complete");
            assertThat(drained.signals).containsExactly("complete");
        }
    }

    @Test
    void aPublisherWithoutEndMayGoAwayWithTheDrain() {
        AtomicReference<Throwable> sender = new AtomicReference<>();
        AtomicBoolean cancelled = new AtomicBoolean();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "ticks",
                stream -> stream.send(
                                Flux.range(1, 100)
                                        .map(String::valueOf)
                                        .concatWith(Flux.never())
                                        .doOnCancel(() -> cancelled.set(true))
                                        .transform(stream.session()::untilGoingAway),
                                Codec.utf8())
                        .doOnError(sender::set)))) {
            List<String> received = new ArrayList<>();
            AtomicReference<Throwable> end = new AtomicReference<>();
            PeerStream ticks = pair.session.openStream("ticks", RELIABLE);
            ticks.receive(Codec.utf8()).limitRate(1).subscribe(received::add, end::set);
            pair.settle();
            Heard drained = new Heard(pair.session.drain(MINUTE));
            pair.settle();
            assertThat(received).hasSize(100);
            assertThat(cancelled).isTrue();
            assertThat(end.get())
                    .isInstanceOfSatisfying(
                            StreamReset.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.remote(ErrorCode.GOING_AWAY)));
            assertThat(sender.get()).isInstanceOf(GoingAwayException.class);
            assertThat(drained.signals)
                    .as("what this side never sent is stopped")
                    .containsExactly("complete");
        }
    }

    @Test
    void aHandlerMayGoAwayBehindWhatItHasOffered() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("offers", stream -> {
            stream.trySend("a", Codec.utf8());
            return Mono.error(new GoingAwayException());
        }))) {
            List<String> received = new ArrayList<>();
            AtomicReference<Throwable> end = new AtomicReference<>();
            pair.session.openStream("offers", RELIABLE).receive(Codec.utf8()).subscribe(received::add, end::set);
            pair.settle();
            assertThat(received).containsExactly("a");
            assertThat(((WeirException) end.get()).reason()).isEqualTo(CloseReason.remote(ErrorCode.GOING_AWAY));
        }
    }

    // ---- requests and messages

    @Test
    void waitsForAnswersBothWays() {
        Sinks.One<ByteBuffer> first = Sinks.one();
        Sinks.One<ByteBuffer> second = Sinks.one();
        try (NodePair pair = NodePair.of(
                spec -> spec.onRequest("r", request -> first.asMono()),
                spec -> spec.onRequest("r", request -> second.asMono()))) {
            Heard own = new Heard(pair.session.request("r", "", Codec.utf8(), Codec.utf8()));
            Heard theirs = new Heard(pair.serverSession().request("r", "", Codec.utf8(), Codec.utf8()));
            pair.settle();
            Heard drained = new Heard(pair.session.drain(MINUTE));
            pair.settle();
            assertThat(drained.signals).isEmpty();
            first.tryEmitValue(ByteBuffer.wrap(new byte[] {'1'}));
            pair.settle();
            assertThat(own.signals).containsExactly("1", "complete");
            assertThat(drained.signals).isEmpty();
            second.tryEmitValue(ByteBuffer.wrap(new byte[] {'2'}));
            pair.settle();
            assertThat(theirs.signals).containsExactly("2", "complete");
            assertThat(drained.signals).containsExactly("complete");
        }
    }

    @Test
    void asksAndTellsNothingNewOnEitherSide() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("hold", stream -> Mono.never()))) {
            hold(pair.session);
            pair.settle();
            new Heard(pair.session.drain(MINUTE));
            pair.settle();
            for (PeerSession session : List.of(pair.session, pair.serverSession())) {
                Heard asked = new Heard(session.request("r", "", Codec.utf8(), Codec.utf8()));
                Heard told = new Heard(session.send("m", "", Codec.utf8()));
                Heard exchanged = new Heard(session.exchange("x", Flux.just("a"), Codec.utf8(), Codec.utf8()));
                pair.settle();
                for (Heard heard : List.of(asked, told, exchanged)) {
                    assertThat(heard.reason()).isEqualTo(CloseReason.local(ErrorCode.GOING_AWAY));
                }
            }
        }
    }

    @Test
    void doesNotRunRequestsThatCross() {
        List<String> handled = new ArrayList<>();
        try (NodePair pair =
                paced(spec -> spec.onStream("hold", stream -> Mono.never()).onRequest("r", request -> {
                    handled.add("r");
                    return Mono.just(request.payload());
                }))) {
            hold(pair.session);
            pair.advance(LATENCY.multipliedBy(4));
            Heard asked = new Heard(pair.session.request("r", "", Codec.utf8(), Codec.utf8()));
            new Heard(pair.serverSession().drain(MINUTE));
            pair.advance(LATENCY.multipliedBy(4));
            assertThat(asked.reason()).isEqualTo(CloseReason.remote(ErrorCode.GOING_AWAY));
            assertThat(asked.reason().retryable()).isTrue();
            assertThat(handled).isEmpty();
        }
    }

    @Test
    void waitsForTheHandlersOfOneWayMessages() {
        Sinks.Empty<Void> work = Sinks.empty();
        try (NodePair pair = NodePair.of(spec -> spec.onMessage("m", message -> work.asMono()))) {
            Heard told = new Heard(pair.session.send("m", "", Codec.utf8()));
            pair.settle();
            assertThat(told.signals).containsExactly("complete");
            Heard drained = new Heard(pair.serverSession().drain(MINUTE));
            pair.settle();
            assertThat(drained.signals).isEmpty();
            work.tryEmitEmpty();
            pair.settle();
            assertThat(drained.signals).containsExactly("complete");
        }
    }

    // ---- the deadline

    @Test
    void cutsOffWhatIsLeftAtTheDeadlineAndCountsIt() {
        List<PeerEvent> events = new ArrayList<>();
        try (NodePair pair = NodePair.of(
                spec -> spec.onStream("hold", stream -> Mono.never()).onRequest("r", request -> Mono.never()),
                spec -> spec.onEvent(events::add))) {
            PeerStream endless = pair.session.openStream("hold", RELIABLE);
            Heard received = new Heard(endless.receive(Codec.utf8()));
            hold(pair.session);
            Heard asked = new Heard(pair.session.request("r", "", Codec.utf8(), Codec.utf8()));
            pair.settle();
            Heard drained = new Heard(pair.session.drain(Duration.ofSeconds(10)));
            pair.advance(Duration.ofMillis(9_999));
            assertThat(pair.session.state()).isEqualTo(SessionState.DRAINING);

            pair.advance(Duration.ofMillis(1));
            CloseReason why = CloseReason.local(ErrorCode.DRAIN_TIMEOUT);
            for (Heard heard : List.of(drained, received, asked)) {
                assertThat(heard.reason()).isEqualTo(why);
            }
            assertThat(drained.failure).isInstanceOf(SessionClosedException.class);
            assertThat(pair.serverSession().onClose().block()).isEqualTo(CloseReason.remote(ErrorCode.DRAIN_TIMEOUT));
            pair.advance(Duration.ofSeconds(1));
            long id = pair.session.id();
            assertThat(events)
                    .endsWith(
                            new DrainCutOff(pair.server.id(), pair.session.remoteAddress(), id, 1, 1),
                            new ConnectionClosed(pair.server.id(), pair.session.remoteAddress(), id, why));
        }
    }

    @Test
    void aSecondDrainOnlyBringsTheDeadlineForward() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("hold", stream -> Mono.never()))) {
            hold(pair.session);
            pair.settle();
            Heard first = new Heard(pair.session.drain(Duration.ofSeconds(10)));
            Heard later = new Heard(pair.session.drain(MINUTE));
            Heard sooner = new Heard(pair.session.drain(Duration.ofSeconds(5)));
            pair.advance(Duration.ofMillis(4_999));
            assertThat(pair.session.state()).isEqualTo(SessionState.DRAINING);
            pair.advance(Duration.ofMillis(1));
            for (Heard heard : List.of(first, later, sooner)) {
                assertThat(heard.reason()).isEqualTo(CloseReason.local(ErrorCode.DRAIN_TIMEOUT));
            }
        }
    }

    @Test
    void aDeadlineOfZeroCutsOffAtOnce() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("hold", stream -> Mono.never()))) {
            hold(pair.session);
            pair.settle();
            Heard drained = new Heard(pair.session.drain(Duration.ZERO));
            pair.settle();
            assertThat(drained.reason()).isEqualTo(CloseReason.local(ErrorCode.DRAIN_TIMEOUT));
        }
    }

    // ---- together with other ends

    @Test
    void bothSidesMayDrainAtOnce() {
        Sinks.Many<String> there = Sinks.many().unicast().onBackpressureBuffer();
        List<String> arrived = new ArrayList<>();
        try (NodePair pair = paced(spec -> spec.onStream(
                "x",
                stream -> stream.receive(Codec.utf8()).doOnNext(arrived::add).then()))) {
            Heard sent = new Heard(pair.session.openStream("x", RELIABLE).send(there.asFlux(), Codec.utf8()));
            pair.advance(LATENCY.multipliedBy(4));
            Heard here = new Heard(pair.session.drain(MINUTE));
            Heard far = new Heard(pair.serverSession().drain(MINUTE));
            pair.advance(LATENCY.multipliedBy(4));
            assertThat(pair.session.state()).isEqualTo(SessionState.DRAINING);
            there.tryEmitNext("a");
            there.tryEmitComplete();
            pair.advance(Duration.ofSeconds(1));
            assertThat(arrived).containsExactly("a");
            assertThat(sent.signals).containsExactly("complete");
            assertThat(here.signals).containsExactly("complete");
            assertThat(far.signals).containsExactly("complete");
        }
    }

    @Test
    void aDrainOfALostSessionFails() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("hold", stream -> Mono.never()))) {
            hold(pair.session);
            pair.settle();
            Heard drained = new Heard(pair.session.drain(MINUTE));
            Heard begun = new Heard(pair.serverSession().onDrain());
            pair.settle();
            assertThat(begun.signals).containsExactly("complete");
            pair.network.reset(NodePair.NAME);
            pair.settle();
            assertThat(drained.reason()).isEqualTo(CloseReason.local(ErrorCode.LINK_LOST));
            assertThat(pair.serverSession().state()).isEqualTo(SessionState.CLOSED);
        }
    }

    @Test
    void closingADrainingSessionEndsItAtOnce() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("hold", stream -> Mono.never()))) {
            Heard held = new Heard(hold(pair.session).receive(Codec.utf8()));
            pair.settle();
            Heard drained = new Heard(pair.session.drain(MINUTE));
            pair.settle();
            Heard closed = new Heard(pair.session.close());
            pair.settle();
            assertThat(closed.signals).containsExactly("complete");
            assertThat(drained.signals).containsExactly("complete");
            assertThat(held.reason()).isEqualTo(CloseReason.local(ErrorCode.NONE));
        }
    }

    @Test
    void nobodyIsGivenADrainingSessionToConnectWith() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("hold", stream -> Mono.never()))) {
            hold(pair.session);
            pair.settle();
            new Heard(pair.serverSession().drain(MINUTE));
            pair.settle();
            List<PeerSession> sessions = new ArrayList<>();
            pair.client.connect(pair.network.address(NodePair.NAME)).subscribe(sessions::add);
            pair.client
                    .connect(pair.network.address(NodePair.NAME).expecting(pair.server.id()))
                    .subscribe(sessions::add);
            pair.settle();
            assertThat(sessions).hasSize(2).allMatch(session -> session.state() == SessionState.READY);
            assertThat(pair.session.state()).isEqualTo(SessionState.DRAINING);
        }
    }

    // ---- how

    private static NodePair paced(UnaryOperator<PeerNodeSpec> serverSpec) {
        return NodePair.paced(LATENCY, Long.MAX_VALUE, serverSpec, spec -> spec);
    }

    /** A stream that never ends by itself. */
    private static PeerStream hold(PeerSession session) {
        PeerStream stream = session.openStream("hold", RELIABLE);
        stream.send(Flux.never(), Codec.utf8()).subscribe(v -> {}, e -> {});
        return stream;
    }

    /** What one subscriber has been told. */
    private static final class Heard extends BaseSubscriber<Object> {
        private final List<Object> signals = new ArrayList<>();
        private final long demand;
        private final Sinks.Empty<Void> done = Sinks.empty();
        private @Nullable Throwable failure;

        Heard(Publisher<?> publisher) {
            this(Long.MAX_VALUE);
            publisher.subscribe(this);
        }

        Heard(long demand) {
            this.demand = demand;
        }

        /** Subscribes, and completes with what it is told. */
        Mono<Void> pass(Publisher<?> publisher) {
            publisher.subscribe(this);
            return done.asMono();
        }

        CloseReason reason() {
            assertThat(failure).as("the failure").isInstanceOf(WeirException.class);
            return ((WeirException) Objects.requireNonNull(failure)).reason();
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (demand > 0) {
                request(demand);
            }
        }

        @Override
        protected void hookOnNext(Object value) {
            signals.add(value);
        }

        @Override
        protected void hookOnError(Throwable e) {
            failure = e;
            done.tryEmitError(e);
        }

        @Override
        protected void hookOnComplete() {
            signals.add("complete");
            done.tryEmitEmpty();
        }
    }
}
