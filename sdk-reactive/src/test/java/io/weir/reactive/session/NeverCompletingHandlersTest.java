package io.weir.reactive.session;

import static io.weir.reactive.session.RequestTest.assertNothingLeft;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.StreamReset;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.Interaction;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.dispatch.SessionDispatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A handler that never completes: it has its places and no more, its session and all others go on, and every count adds up. */
class NeverCompletingHandlersTest {

    private static final NodeLimits LIMITS =
            NodeLimits.defaults().withMaxHandled(8).withRequestTimeout(Duration.ofSeconds(5));

    /** Those of its own, and a quarter of the eight. */
    private static final int PLACES = NodeLimits.HANDLED_OF_ITS_OWN + 2;

    private static final int BUDGET = 256 * 1024;
    private static final int PAYLOAD = 20_000;

    private static final int MESSAGES_PLACES = PLACES - SessionDispatch.KEPT;

    private final List<String> begun = new ArrayList<>();
    private final List<String> cancelled = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    private <T> Mono<T> never(String what) {
        return Mono.<T>never().doOnSubscribe(s -> begun.add(what)).doOnCancel(() -> cancelled.add(what));
    }

    private NodePair pair() {
        return NodePair.of(
                spec -> spec.limits(LIMITS)
                        .onRequest("never", request -> never("request"))
                        .onRequest("echo", request -> Mono.just(request.payload()))
                        .onMessage("never", message -> never("message"))
                        .onStream("never", stream -> never("stream"))
                        .onStream(
                                "numbers",
                                stream -> stream.send(Flux.range(0, 100).map(String::valueOf), Codec.utf8())),
                spec -> spec.limits(LIMITS));
    }

    @Test
    void aRequestTimesOutWhereItWasAskedAndItsHandlerIsCancelled() {
        try (NodePair pair = pair()) {
            PeerSession other = pair.connected(pair.anotherClient());
            for (int i = 0; i < PLACES + 3; i++) {
                pair.session.request("never", "", Codec.utf8(), Codec.utf8()).subscribe(reply -> {}, failures::add);
            }
            pair.settle();
            assertThat(begun).hasSize(PLACES);
            assertThat(failures).as("beyond its places").hasSize(3).allSatisfy(e -> assertReason(e, ErrorCode.BUSY));
            assertServed(pair, other);

            failures.clear();
            pair.advance(LIMITS.requestTimeout());
            assertThat(failures).hasSize(PLACES).allSatisfy(e -> assertReason(e, ErrorCode.REQUEST_TIMEOUT));
            assertThat(cancelled).isEqualTo(begun);
            assertServed(pair, pair.session);

            NodeStats stats = pair.server.stats();
            assertThat(stats.handled().running()).isZero();
            assertThat(stats.handled().outcomes())
                    .containsOnly(Map.entry(ErrorCode.NONE, 2L), Map.entry(ErrorCode.CANCELLED, (long) PLACES));
            assertThat(stats.handled().serviceNanos())
                    .isEqualTo(PLACES * LIMITS.requestTimeout().toNanos());
            assertThat(stats.refused().get(Interaction.Kind.REQUEST)).containsExactly(Map.entry(ErrorCode.BUSY, 3L));
            assertThat(pair.client.stats().asked())
                    .containsOnly(
                            Map.entry(ErrorCode.NONE, 1L),
                            Map.entry(ErrorCode.BUSY, 3L),
                            Map.entry(ErrorCode.REQUEST_TIMEOUT, (long) PLACES));
            assertNothingLeft(pair);
        }
    }

    @Test
    void oneWayMessagesHaveNoTimeOutAndWaitWithTheirCreditWhileRequestsGoOn() {
        try (NodePair pair = pair()) {
            PeerSession other = pair.connected(pair.anotherClient());
            int sent = MESSAGES_PLACES + 50;
            for (int i = 0; i < sent; i++) {
                pair.session.send("never", "", Codec.utf8()).subscribe(v -> {}, failures::add);
            }
            pair.advance(Duration.ofMinutes(10));

            assertThat(begun).hasSize(MESSAGES_PLACES);
            assertThat(cancelled)
                    .as("nobody waits for them, so nobody gives them up")
                    .isEmpty();
            assertThat(failures).as("they were written").isEmpty();
            assertThat(pair.serverSession().messageStats().messagesWaiting()).isEqualTo(sent);
            for (int i = 0; i < 20; i++) {
                assertServed(pair, pair.session); // each leaves its place to whoever cannot wait either
            }
            assertServed(pair, other);

            pair.session.dispose();
            pair.settle();
            assertThat(begun).hasSize(MESSAGES_PLACES);
            assertThat(pair.serverSession().messageStats().messagesWaiting())
                    .as("what waits is forgotten with its session, what runs is not")
                    .isEqualTo(MESSAGES_PLACES);
            assertServed(pair, other);
        }
    }

    @Test
    void aStreamStaysOpenForAsLongAsItsPeerWantsAndEndsWithIt() {
        try (NodePair pair = pair()) {
            PeerSession other = pair.connected(pair.anotherClient());
            List<PeerStream> opened = new ArrayList<>();
            for (int i = 0; i < PLACES + 1; i++) {
                PeerStream stream = pair.session.openStream(
                        StreamId.of("never " + i), StreamOpen.named("never"), StreamConfig.reliable());
                stream.receive(Codec.utf8()).subscribe(element -> {}, failures::add);
                opened.add(stream);
            }
            pair.settle();
            assertThat(begun).hasSize(PLACES);
            assertThat(failures).as("beyond its places").singleElement().satisfies(e -> assertReset(e, ErrorCode.BUSY));
            assertServed(pair, other);

            pair.advance(Duration.ofMinutes(10));
            failures.remove(0);
            assertThat(failures).hasSize(PLACES).allSatisfy(e -> assertReset(e, ErrorCode.IDLE_TIMEOUT));
            assertThat(cancelled)
                    .as("a stream may be over, and its handler not")
                    .isEmpty();
            PeerStream more = pair.session.openStream(
                    StreamId.of("one more"), StreamOpen.named("never"), StreamConfig.reliable());
            more.receive(Codec.utf8()).subscribe(element -> {}, failures::add);
            pair.settle();
            assertReset(failures.get(PLACES), ErrorCode.BUSY);
            assertServed(pair, other);

            pair.session.dispose();
            pair.settle();
            assertThat(pair.server.stats().refused().get(Interaction.Kind.STREAM))
                    .containsExactly(Map.entry(ErrorCode.BUSY, 2L));
            assertServed(pair, other);
        }
    }

    @Test
    void handlersThatOutliveTheirSessionsAreBoundedAndCostOtherSessionsNothing() {
        Sinks.Empty<Void> end = Sinks.empty();
        try (NodePair pair = NodePair.of(
                spec -> spec.limits(LIMITS)
                        .onRequest("echo", request -> Mono.just(request.payload()))
                        .onMessage("slow", message -> end.asMono().doOnSubscribe(s -> begun.add("message")))
                        .onStream(
                                "numbers",
                                stream -> stream.send(Flux.range(0, 100).map(String::valueOf), Codec.utf8())),
                spec -> spec.limits(LIMITS))) {
            PeerNode inAndOut = pair.anotherClient();
            for (int i = 0; i < 20; i++) {
                PeerSession session = pair.connected(inAndOut);
                sendSlow(pair, session, 20);
                session.dispose();
                pair.settle();
            }
            assertThat(begun.size())
                    .as("the node's, as many that ended sessions have left behind, and those of one session")
                    .isLessThanOrEqualTo(8 + 8 + NodeLimits.HANDLED_OF_ITS_OWN);
            assertServed(pair, pair.session);

            PeerSession late = pair.connected(inAndOut);
            late.request("echo", "", Codec.utf8(), Codec.utf8()).subscribe(reply -> {}, failures::add);
            int before = begun.size();
            sendSlow(pair, late, 1);
            assertThat(failures).singleElement().satisfies(e -> assertReason(e, ErrorCode.BUSY));
            assertThat(begun).hasSize(before);

            end.tryEmitEmpty();
            pair.settle();
            assertThat(begun).as("what waited has its turn").hasSize(before + 1);
            assertServed(pair, late);
        }
    }

    /** Whoever comes, sends and goes could else make a node hold as many payloads as it has places, beside all that it promises. */
    @Test
    void whatHandlersHoldOfSessionsThatHaveEndedIsInTheMemoryOfTheNode() {
        NodeLimits limits = NodeLimits.defaults().withSessionBudgetBytes(BUDGET).withNodeBudgetBytes(BUDGET);
        Sinks.Empty<Void> end = Sinks.empty();
        try (NodePair pair = NodePair.of(
                spec -> spec.limits(limits)
                        .onRequest("echo", request -> Mono.just(request.payload()))
                        .onMessage("slow", message -> end.asMono().doOnSubscribe(s -> begun.add("message")))
                        .onStream(
                                "numbers",
                                stream -> stream.send(Flux.range(0, 100).map(String::valueOf), Codec.utf8())),
                spec -> spec)) {
            PeerNode inAndOut = pair.anotherClient();
            for (int i = 0; i < 3 * BUDGET / PAYLOAD; i++) {
                PeerSession session = pair.connected(inAndOut);
                session.send("slow", "x".repeat(PAYLOAD), Codec.utf8()).subscribe(v -> {}, e -> {});
                pair.settle();
                session.dispose();
                pair.settle();
            }
            assertServed(pair, pair.session);
            long held = (long) begun.size() * PAYLOAD;
            assertThat(held).as("held by handlers").isBetween(BUDGET / 4L, (long) BUDGET);
            long reserved = pair.server.reservedBytes();
            assertThat(reserved).as("of the node's").isBetween(held, (long) BUDGET);

            end.tryEmitEmpty();
            pair.settle();
            assertThat(reserved - pair.server.reservedBytes())
                    .as("given back")
                    .isBetween(held, held + 100 * begun.size());
        }
    }

    private static void sendSlow(NodePair pair, PeerSession session, int messages) {
        for (int i = 0; i < messages; i++) {
            session.send("slow", "", Codec.utf8()).subscribe(v -> {}, e -> {});
        }
        pair.settle();
    }

    private static void assertReset(Throwable e, ErrorCode code) {
        assertThat(((StreamReset) e).reason().error()).isEqualTo(code);
    }

    /** A request and a stream of that session have what they want. */
    private static void assertServed(NodePair pair, PeerSession session) {
        List<String> got = new ArrayList<>();
        session.request("echo", "hello", Codec.utf8(), Codec.utf8()).subscribe(got::add);
        session.subscribe("numbers", Codec.utf8()).subscribe(got::add);
        pair.settle();
        assertThat(got).hasSize(101).contains("hello", "0", "99");
    }

    private static void assertReason(Throwable e, ErrorCode code) {
        CloseReason reason = ((ReplyMissingException) e).reason();
        assertThat(reason.error()).isEqualTo(code);
    }
}
