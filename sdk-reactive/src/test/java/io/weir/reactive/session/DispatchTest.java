package io.weir.reactive.session;

import static io.weir.reactive.session.RequestTest.assertNothingLeft;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.error.WeirException;
import io.weir.core.identity.PeerId;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.dispatch.SessionDispatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How many handlers of what its peers begin a node runs at once, for whom, and what becomes of the rest. */
class DispatchTest {

    private static final int OWN = SessionDispatch.OWN;
    private static final int KEPT = SessionDispatch.KEPT;

    /** What a peer can begin, and how many of it a session may have running where the node shares {@link #limits eight}. */
    private enum Kind {
        REQUEST(OWN + 2),
        MESSAGE(OWN - KEPT + 2),
        STREAM(OWN + 2);

        final int most;

        Kind(int most) {
            this.most = most;
        }
    }

    /** A handler that runs until it is told to end. */
    private static final class Run {
        final Kind kind;
        final PeerSession session;
        final Sinks.Empty<Void> end = Sinks.empty();
        final List<String> signals = new ArrayList<>();

        Run(Kind kind, PeerSession session) {
            this.kind = kind;
            this.session = session;
        }

        Mono<Void> work() {
            return end.asMono().doFinally(signal -> signals.add(signal.toString()));
        }
    }

    /** What a peer has begun, and what it heard of it. */
    private static final class Begun {
        final List<String> signals = new ArrayList<>();

        @Nullable
        CloseReason reason;

        Disposable cancel = () -> {};

        void failed(Throwable e) {
            signals.add(e.getClass().getSimpleName());
            reason = ((WeirException) e).reason();
        }
    }

    private final List<Run> runs = new ArrayList<>();
    private final Map<PeerSession, PeerId> clients = new HashMap<>();
    private int streams;

    private Run run(Kind kind, PeerSession session) {
        Run run = new Run(kind, session);
        runs.add(run);
        return run;
    }

    private static NodeLimits limits(int shared) {
        return NodeLimits.defaults().withMaxHandled(shared);
    }

    private PeerNodeSpec handling(PeerNodeSpec spec) {
        return spec.onRequest(
                        "r",
                        request -> run(Kind.REQUEST, request.session())
                                .work()
                                .then(Mono.fromSupplier(() -> ByteBuffer.allocate(1))))
                .onMessage("m", message -> run(Kind.MESSAGE, message.session()).work())
                .onStream("s", stream -> run(Kind.STREAM, stream.session()).work());
    }

    private NodePair pair(int shared) {
        NodePair pair = NodePair.of(spec -> handling(spec.limits(limits(shared))));
        clients.put(pair.session, pair.client.id());
        return pair;
    }

    private Begun begin(Kind kind, PeerSession session) {
        Begun begun = new Begun();
        begun.cancel = switch (kind) {
            case REQUEST ->
                session.request("r", "", Codec.utf8(), Codec.bytes())
                        .subscribe(
                                value -> begun.signals.add("reply"),
                                begun::failed,
                                () -> begun.signals.add("complete"));
            case MESSAGE ->
                session.send("m", "", Codec.utf8()).subscribe(null, begun::failed, () -> begun.signals.add("complete"));
            case STREAM ->
                open(session).receive(Codec.utf8()).subscribe(null, begun::failed, () -> begun.signals.add("complete"));
        };
        return begun;
    }

    private PeerStream open(PeerSession session) {
        return session.openStream(StreamId.of("stream " + ++streams), StreamOpen.named("s"), StreamConfig.reliable());
    }

    private List<Begun> begin(Kind kind, PeerSession session, int count, NodePair pair) {
        List<Begun> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(begin(kind, session));
        }
        pair.settle();
        return all;
    }

    private boolean isOf(PeerSession session, Run run) {
        return run.session.peer().equals(clients.get(session));
    }

    private long running(PeerSession session) {
        return runs.stream()
                .filter(run -> isOf(session, run) && run.signals.isEmpty())
                .count();
    }

    // ---- free, full

    @ParameterizedTest
    @EnumSource
    void whatEndsMakesRoomForTheNext(Kind kind) {
        try (NodePair pair = pair(8)) {
            for (int round = 1; round <= 5; round++) {
                List<Begun> all = begin(kind, pair.session, kind.most, pair);
                assertThat(runs).hasSize(round * kind.most);
                runs.forEach(run -> run.end.tryEmitEmpty());
                pair.settle();
                assertThat(all).allSatisfy(one -> assertThat(one.signals).endsWith("complete"));
            }
            assertNothingLeft(pair);
        }
    }

    @Test
    void aRequestWithoutAPlaceIsAnsweredBusyAndNeverRuns() {
        try (NodePair pair = pair(8)) {
            List<Begun> all = begin(Kind.REQUEST, pair.session, Kind.REQUEST.most + 5, pair);
            assertThat(runs).hasSize(Kind.REQUEST.most);
            for (Begun refused : all.subList(Kind.REQUEST.most, all.size())) {
                assertThat(refused.reason).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
                assertThat(refused.reason.retryable()).isTrue();
            }
            runs.get(0).end.tryEmitEmpty();
            pair.settle();
            begin(Kind.REQUEST, pair.session, 2, pair);
            assertThat(runs).hasSize(Kind.REQUEST.most + 1);
        }
    }

    @Test
    void aStreamWithoutAPlaceIsRefusedWithBusyAtBothHalves() {
        try (NodePair pair = pair(8)) {
            begin(Kind.STREAM, pair.session, Kind.STREAM.most, pair);
            PeerStream refused = open(pair.session);
            Begun received = new Begun();
            Begun sent = new Begun();
            refused.receive(Codec.utf8()).subscribe(null, received::failed);
            refused.send(Mono.just("x"), Codec.utf8()).subscribe(null, sent::failed);
            pair.settle();
            assertThat(runs).hasSize(Kind.STREAM.most);
            assertThat(received.signals).containsExactly(StreamReset.class.getSimpleName());
            assertThat(sent.signals).containsExactly(StreamStopped.class.getSimpleName());
            for (Begun heard : List.of(received, sent)) {
                assertThat(heard.reason).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
                assertThat(heard.reason.retryable()).isTrue();
            }

            runs.get(0).end.tryEmitEmpty();
            pair.settle();
            Begun again = begin(Kind.STREAM, pair.session, 1, pair).get(0);
            assertThat(runs).hasSize(Kind.STREAM.most + 1);
            assertThat(again.signals).isEmpty();
        }
    }

    @Test
    void anExchangeWithoutAPlaceFailsWithBusy() {
        try (NodePair pair = pair(8)) {
            begin(Kind.STREAM, pair.session, Kind.STREAM.most, pair);
            Begun refused = new Begun();
            pair.session
                    .exchange("s", Mono.just("x"), Codec.utf8(), Codec.utf8())
                    .subscribe(null, refused::failed);
            pair.settle();
            assertThat(refused.reason).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
        }
    }

    @Test
    void oneWayMessagesWithoutAPlaceWaitAndRunInOrder() {
        List<String> order = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.limits(limits(8)).onMessage("m", message -> {
            order.add(message.decode(Codec.utf8()));
            return run(Kind.MESSAGE, message.session()).work();
        }))) {
            for (int i = 0; i < 40; i++) {
                pair.session.send("m", "" + i, Codec.utf8()).subscribe();
            }
            pair.settle();
            assertThat(runs).hasSize(Kind.MESSAGE.most);
            assertThat(pair.serverSession().messageStats().messagesWaiting()).isEqualTo(40);
            for (int i = 0; i < 40; i++) {
                runs.get(i).end.tryEmitEmpty();
                pair.settle();
                assertThat(runs).hasSize(Math.min(40, Kind.MESSAGE.most + i + 1));
            }
            assertThat(order)
                    .isEqualTo(IntStream.range(0, 40).mapToObj(String::valueOf).toList());
            assertNothingLeft(pair);
        }
    }

    @Test
    void slowOneWayHandlersLeavePlacesToRequestsAndStreams() {
        try (NodePair pair = pair(8)) {
            begin(Kind.MESSAGE, pair.session, 40, pair);
            assertThat(runs).hasSize(OWN - KEPT + 2);
            List<Begun> asked = begin(Kind.REQUEST, pair.session, KEPT / 2 + 1, pair);
            List<Begun> opened = begin(Kind.STREAM, pair.session, KEPT / 2, pair);
            assertThat(runs).hasSize(OWN + 2);
            assertThat(asked.get(KEPT / 2).signals)
                    .as("it came before the streams")
                    .isEmpty();
            assertThat(opened.get(KEPT / 2 - 1).reason).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
        }
    }

    @Test
    void aRequestHoldsItsPlaceUntilItIsGivenUpAndSoItsHandler() {
        try (NodePair pair = pair(8)) {
            List<Begun> all = begin(Kind.REQUEST, pair.session, Kind.REQUEST.most, pair);
            all.get(3).cancel.dispose();
            pair.settle();
            assertThat(runs.get(3).signals).containsExactly("cancel");
            begin(Kind.REQUEST, pair.session, 1, pair);
            assertThat(runs).hasSize(Kind.REQUEST.most + 1);
        }
    }

    /** What the handler still does is work, also where nobody listens any more. */
    @Test
    void aStreamHoldsItsPlaceWhileItsHandlerRunsThoughThePeerHasLeft() {
        try (NodePair pair = pair(8)) {
            List<Begun> all = begin(Kind.STREAM, pair.session, Kind.STREAM.most, pair);
            all.forEach(one -> one.cancel.dispose());
            pair.settle();
            Begun refused = begin(Kind.STREAM, pair.session, 1, pair).get(0);
            assertThat(refused.reason).isEqualTo(CloseReason.remote(ErrorCode.BUSY));
            runs.get(0).end.tryEmitEmpty();
            pair.settle();
            begin(Kind.STREAM, pair.session, 1, pair);
            assertThat(runs).hasSize(Kind.STREAM.most + 1);
        }
    }

    @Test
    void aStreamThatLivesOnWithoutItsHandlerHoldsNoPlace() {
        List<String> heard = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.limits(limits(8)).onStream("s", stream -> {
            stream.receive(Codec.utf8()).subscribe(heard::add);
            return Mono.empty();
        }))) {
            List<Sinks.Many<String>> words = new ArrayList<>();
            for (int i = 0; i < 3 * Kind.STREAM.most; i++) {
                Sinks.Many<String> word = Sinks.many().unicast().onBackpressureBuffer();
                words.add(word);
                open(pair.session).send(word.asFlux(), Codec.utf8()).subscribe();
                pair.settle();
            }
            words.forEach(word -> word.tryEmitNext("still"));
            pair.settle();
            assertThat(heard).hasSize(words.size()).containsOnly("still");
        }
    }

    // ---- the session has ended meanwhile

    /** With one place to share: what ran in the session that has ended keeps it, unless it was cancelled. */
    @ParameterizedTest
    @EnumSource
    void whatRunsWhenItsSessionEndsKeepsItsPlaceUntilItEnds(Kind kind) {
        try (NodePair pair = pair(1)) {
            int mostOwn = kind.most - 2;
            begin(kind, pair.session, 40, pair);
            assertThat(runs).hasSize(mostOwn + 1);
            PeerSession other = connected(pair);

            pair.session.dispose();
            pair.settle();
            String ended = kind == Kind.REQUEST ? "cancel" : null;
            assertThat(runs)
                    .allSatisfy(run -> assertThat(run.signals).isEqualTo(ended == null ? List.of() : List.of(ended)));
            begin(kind, other, 40, pair);
            assertThat(running(other)).isEqualTo(ended == null ? mostOwn : mostOwn + 1);

            List<Run> before = List.copyOf(runs);
            before.stream().filter(run -> !isOf(other, run)).forEach(run -> run.end.tryEmitEmpty());
            pair.settle();
            begin(kind, other, 1, pair);
            assertThat(running(other)).isEqualTo(mostOwn + 1);
        }
    }

    @Test
    void aDrainWaitsForWhatWaitsForAPlace() {
        try (NodePair pair = pair(8)) {
            begin(Kind.MESSAGE, pair.session, 20, pair);
            AtomicReference<String> drained = new AtomicReference<>("no");
            pair.serverSession().drain(Duration.ofSeconds(10)).subscribe(null, null, () -> drained.set("yes"));
            for (int i = 0; i < 20; i++) {
                assertThat(drained).hasValue("no");
                runs.get(i).end.tryEmitEmpty();
                pair.advance(Duration.ofMillis(1));
            }
            pair.advance(Duration.ofSeconds(1));
            assertThat(runs).hasSize(20);
            assertThat(drained).hasValue("yes");
        }
    }

    // ---- the node is closed

    @ParameterizedTest
    @EnumSource
    void aNodeThatIsClosedLetsWhatRunsFinishAndBeginsNothing(Kind kind) {
        try (NodePair pair = pair(8)) {
            begin(kind, pair.session, 40, pair);
            int begun = runs.size();
            AtomicReference<String> closed = new AtomicReference<>("no");
            pair.server.onClose().subscribe(reason -> closed.set("yes"));
            pair.server.dispose();
            pair.advance(Duration.ofSeconds(2));
            assertThat(closed).as("it does not wait for handlers").hasValue("yes");
            runs.forEach(run -> run.end.tryEmitEmpty());
            pair.settle();
            assertThat(runs)
                    .hasSize(begun)
                    .allSatisfy(run ->
                            assertThat(run.signals).containsExactly(kind == Kind.REQUEST ? "cancel" : "onComplete"));
        }
    }

    // ---- fair by session

    @ParameterizedTest
    @EnumSource
    void noSessionTakesAllPlacesFromTheOthers(Kind kind) {
        try (NodePair pair = pair(8)) {
            int own = kind.most - 2;
            List<PeerSession> greedy = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                greedy.add(connected(pair));
                begin(kind, greedy.get(i), 40, pair);
            }
            begin(kind, pair.session, 40, pair);
            assertThat(greedy.stream().map(this::running))
                    .as("two of eight for each of four, and none for the others")
                    .containsExactly(own + 2L, own + 2L, own + 2L, own + 2L, (long) own);
            assertThat(running(pair.session)).isEqualTo(own);

            for (int round = 0; round < 3; round++) {
                runs.stream()
                        .filter(run -> isOf(pair.session, run) && run.signals.isEmpty())
                        .findFirst()
                        .orElseThrow()
                        .end
                        .tryEmitEmpty();
                pair.settle();
                begin(kind, pair.session, 1, pair);
                assertThat(running(pair.session)).as("it goes on").isEqualTo(own);
            }
        }
    }

    @Test
    void sessionsWhoseOneWayMessagesWaitAreGivenPlacesInTheOrderOfTheirWaiting() {
        try (NodePair pair = pair(8)) {
            int own = Kind.MESSAGE.most - 2;
            List<PeerSession> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(connected(pair));
                begin(Kind.MESSAGE, all.get(i), 40, pair);
            }
            assertThat(running(all.get(4))).isEqualTo(own);
            assertThat(running(all.get(5))).isEqualTo(own);
            endOne(all.get(0), pair);
            assertThat(running(all.get(4))).as("first in line").isEqualTo(own + 1);
            endOne(all.get(1), pair);
            assertThat(running(all.get(5))).isEqualTo(own + 1);
            all.get(2).dispose();
            pair.settle();
            List.copyOf(runs).stream().filter(run -> isOf(all.get(2), run)).forEach(run -> run.end.tryEmitEmpty());
            pair.settle();
            assertThat(all.stream().mapToLong(this::running).sum())
                    .as("all are in use")
                    .isEqualTo(5 * own + 8);
        }
    }

    private void endOne(PeerSession session, NodePair pair) {
        runs.stream()
                .filter(run -> isOf(session, run) && run.signals.isEmpty())
                .findFirst()
                .orElseThrow()
                .end
                .tryEmitEmpty();
        pair.settle();
    }

    /** A session with the server from a node of its own. */
    private PeerSession connected(NodePair pair) {
        PeerNode node = pair.anotherClient();
        PeerSession session = pair.connected(node);
        clients.put(session, node.id());
        return session;
    }
}
