package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.ConnectionInfo.Direction;
import io.weir.reactive.Interaction;
import io.weir.reactive.MessageStats;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

class NodeStatsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static NodePair pair(UnaryOperator<PeerNodeSpec> server) {
        NodePair pair = NodePair.of(server);
        pair.advance(SECOND); // HELLO and the first PING are done with
        return pair;
    }

    private static NodeStats.Connections only(PeerNode node) {
        List<NodeStats.Connections> all = node.stats().connections();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    // ---- connections

    @Test
    void countsASessionAtBothEndsFromItsBeginningToItsEnd() {
        try (NodePair pair = pair(spec -> spec.onRequest("never", request -> Mono.never()))) {
            assertThat(only(pair.client)).isEqualTo(ready(pair, Direction.OUTBOUND));
            assertThat(only(pair.server)).isEqualTo(ready(pair, Direction.INBOUND));

            pair.session.request("never", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            pair.session.drain(SECOND).subscribe(v -> {}, e -> {});
            pair.settle();
            assertThat(only(pair.client).draining()).isEqualTo(1);
            assertThat(only(pair.server).draining()).isEqualTo(1);

            pair.advance(SECOND.multipliedBy(2));
            for (PeerNode node : List.of(pair.client, pair.server)) {
                assertThat(only(node).open()).isZero();
                assertThat(only(node).ended()).containsExactly(Map.entry(ErrorCode.DRAIN_TIMEOUT, 1L));
                assertThat(only(node).opened()).isEqualTo(1);
                assertThat(only(node).begun()).isEqualTo(1);
            }
        }
    }

    /** One session, which is ready, and nothing else so far. */
    private static NodeStats.Connections ready(NodePair pair, Direction direction) {
        return new NodeStats.Connections(pair.session.transport(), direction, 0, Map.of(), 1, 0, 0, Map.of());
    }

    @Test
    void countsASessionWhoseEndIsSaidAndNotHeardYet() {
        Duration latency = Duration.ofMillis(50);
        try (NodePair pair = NodePair.paced(latency, Long.MAX_VALUE, spec -> spec, spec -> spec)) {
            pair.advance(SECOND);
            pair.session.dispose();
            pair.settle();
            assertThat(only(pair.client).closing()).isEqualTo(1);
            assertThat(only(pair.server).ready()).isEqualTo(1);
            pair.advance(SECOND);
            assertThat(only(pair.client).ended()).containsExactly(Map.entry(ErrorCode.NONE, 1L));
            assertThat(only(pair.server).ended()).containsExactly(Map.entry(ErrorCode.NONE, 1L));
        }
    }

    @Test
    void countsWhoIsNotASessionYetAndNeverBecomesOne() {
        NodeLimits limits = NodeLimits.defaults();
        try (NodePair pair = pair(spec -> spec)) {
            PeerNode pensive = started(
                    pair,
                    "pensive",
                    spec -> spec.listen(pair.network.address("pensive"))
                            .limits(limits)
                            .admission(candidate -> Mono.never()));
            pair.client.connect(pair.network.address("pensive")).subscribe(s -> {}, e -> {});
            pair.settle();
            assertThat(only(pensive).handshaking()).isEqualTo(1);
            assertThat(pensive.stats().handshakes()).containsExactly(Map.entry(HandshakeStage.PROCESSING, 1L));
            assertThat(pair.client.stats().handshakes())
                    .as("waits for HELLO")
                    .containsExactly(Map.entry(HandshakeStage.READING_HEADER, 1L));
            assertThat(only(pair.client).handshaking()).isEqualTo(1);

            pair.advance(limits.handshakeTimeout().plus(SECOND));
            assertThat(pensive.stats().accepted()).isEqualTo(1);
            assertThat(pensive.stats().handshakes()).isEmpty();
            assertThat(pensive.stats().sessions()).isZero();
            assertThat(pensive.stats().refusedConnections())
                    .containsExactly(Map.entry(ErrorCode.HANDSHAKE_TIMEOUT, 1L));
            assertThat(only(pair.client).failed()).containsExactly(Map.entry(ErrorCode.HANDSHAKE_TIMEOUT, 1L));
            pensive.dispose();
        }
    }

    private static PeerNode started(NodePair pair, String host, UnaryOperator<PeerNodeSpec> spec) {
        return pair.started(spec.apply(pair.network.node(host)));
    }

    @Test
    void countsWhoIsNotAdmitted() {
        try (NodePair pair = pair(spec -> spec)) {
            PeerNode picky = started(
                    pair,
                    "picky",
                    spec -> spec.listen(pair.network.address("picky")).admission(PeerAdmission.allowList(List.of())));
            pair.client.connect(pair.network.address("picky")).subscribe(s -> {}, e -> {});
            pair.advance(SECOND);
            assertThat(picky.stats().refusedConnections()).containsExactly(Map.entry(ErrorCode.NOT_ADMITTED, 1L));
            assertThat(only(pair.client).failed()).containsExactly(Map.entry(ErrorCode.NOT_ADMITTED, 1L));
            assertThat(only(pair.client).begun()).isEqualTo(2);
            picky.dispose();
        }
    }

    @Test
    void countsASessionThatWantsToWriteWhileItsLinkTakesNothing() {
        try (NodePair pair = NodePair.paced(
                Duration.ofMillis(1), 100_000, spec -> spec.onMessage("bulk", message -> Mono.empty()), spec -> spec)) {
            pair.advance(SECOND);
            assertThat(pair.client.stats().writing()).isZero();

            pair.session.send("bulk", "x".repeat(1_000_000), Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.advance(SECOND);
            assertThat(pair.client.stats().writing()).isEqualTo(1);
            assertThat(pair.server.stats().writing()).isZero();

            pair.advance(SECOND.multipliedBy(20));
            assertThat(pair.client.stats().writing()).isZero();
        }
    }

    // ---- traffic

    @Test
    void countsAtOneEndWhatTheOtherHasSent() {
        StreamConfig config = StreamConfig.reliable();
        Sinks.Many<String> open = Sinks.many().unicast().onBackpressureBuffer();
        try (NodePair pair = pair(spec -> spec.onStream(
                "x", config, stream -> stream.receive(Codec.utf8()).then()))) {
            pair.session
                    .openStream("x", config)
                    .send(Flux.range(0, 1_000).map(i -> "a".repeat(100)), Codec.utf8())
                    .subscribe();
            pair.session
                    .openStream("x", config)
                    .send(open.asFlux(), Codec.utf8())
                    .subscribe();
            open.tryEmitNext("half a thing");
            pair.settle();

            NodeStats.Traffic here = pair.client.stats().traffic();
            NodeStats.Traffic there = pair.server.stats().traffic();
            assertThat(here.sent()).isEqualTo(there.received());
            assertThat(here.received()).isEqualTo(there.sent());
            assertThat(here.sent().elements())
                    .as("of one that is over, and one that is not")
                    .isEqualTo(1_001);
            assertThat(here.sent().payloadBytes()).isEqualTo(100_012);
            assertThat(here.sent().bytes()).isBetween(100_012L, 110_000L);

            pair.session.dispose();
            pair.advance(SECOND);
            assertThat(pair.client.liveSessions()).isEmpty();
            NodeStats.Traffic after = pair.client.stats().traffic();
            assertThat(after.sent().elements()).isEqualTo(1_001);
            assertThat(after.sent().records()).as("END").isEqualTo(here.sent().records() + 1);
            assertThat(pair.server.stats().traffic().received()).isEqualTo(after.sent());
        }
    }

    @Test
    void neverTellsLessThanBefore() {
        try (NodePair pair = pair(spec ->
                spec.onStream("x", stream -> stream.receive(Codec.utf8()).then()))) {
            Map<String, Long> before = figures(pair.client.stats());
            for (int round = 0; round < 200; round++) {
                List<PeerSession> live = pair.client.liveSessions();
                if (live.isEmpty()) {
                    pair.client.connect(pair.network.address(NodePair.NAME)).subscribe();
                } else if (round % 20 == 19) {
                    live.get(0).dispose();
                } else {
                    live.get(0)
                            .openStream("x")
                            .send(Flux.range(0, 50).map(String::valueOf), Codec.utf8())
                            .subscribe(v -> {}, e -> {});
                }
                pair.advance(Duration.ofMillis(1));
                Map<String, Long> now = figures(pair.client.stats());
                before.forEach(
                        (name, value) -> assertThat(now.get(name)).as(name).isGreaterThanOrEqualTo(value));
                before = now;
            }
            assertThat(before.get("elements")).isGreaterThan(5_000);
            assertThat(before.get("opened")).isGreaterThan(5);
        }
    }

    private static Map<String, Long> figures(NodeStats stats) {
        NodeStats.Way sent = stats.traffic().sent();
        NodeStats.Connections row = stats.connections().get(0);
        return Map.of(
                "records", sent.records(),
                "bytes", sent.bytes(),
                "elements", sent.elements(),
                "payload", sent.payloadBytes(),
                "begun", row.begun(),
                "opened", row.opened());
    }

    // ---- requests

    @Test
    void everyRequestRunsOrHasOneOutcome() {
        NodeLimits limits = NodeLimits.defaults().withMaxHandled(4);
        try (NodePair pair = pair(spec -> spec.limits(limits)
                .onRequest("echo", request -> Mono.just(request.payload()))
                .onRequest("fails", request -> Mono.error(new IllegalStateException("no")))
                .onRequest("never", request -> Mono.never()))) {
            for (int i = 0; i < 10; i++) {
                ask(pair, "echo");
                pair.settle();
            }
            ask(pair, "fails");
            ask(pair, "nobody");
            pair.settle();
            for (int i = 0; i < 30; i++) {
                ask(pair, "never");
            }
            pair.settle();

            long places = NodeLimits.HANDLED_OF_ITS_OWN + 1;
            NodeStats.Handled running = pair.server.stats().handled();
            assertThat(running.running()).isEqualTo(places);
            assertThat(running.outcomes())
                    .containsOnly(Map.entry(ErrorCode.NONE, 10L), Map.entry(ErrorCode.APPLICATION_ERROR, 1L));
            assertThat(pair.server.stats().refused().get(Interaction.Kind.REQUEST))
                    .containsOnly(Map.entry(ErrorCode.NO_HANDLER, 1L), Map.entry(ErrorCode.BUSY, 30 - places));

            pair.advance(limits.requestTimeout());
            NodeStats there = pair.server.stats();
            assertThat(there.handled().running()).isZero();
            assertThat(there.handled().taken()).isEqualTo(11 + places);
            assertThat(there.handled().done())
                    .isEqualTo(pair.serverSession().messageStats().requestsHandled());
            assertThat(there.handled().serviceNanos())
                    .isEqualTo(places * limits.requestTimeout().toNanos());

            MessageStats asked = pair.session.messageStats();
            Map<ErrorCode, Long> here = pair.client.stats().asked();
            assertThat(here.get(ErrorCode.NONE))
                    .isEqualTo(asked.requestsReplied())
                    .isEqualTo(10);
            assertThat(sum(here)).isEqualTo(asked.requestsReplied() + asked.requestsFailed());
            assertThat(sum(here))
                    .as("each was taken or refused there")
                    .isEqualTo(there.handled().taken() + sum(there.refused().get(Interaction.Kind.REQUEST)));
        }
    }

    @Test
    void countsRequestsThatTheEndOfTheirSessionTakesAlong() {
        try (NodePair pair = pair(spec -> spec.onRequest("never", request -> Mono.never()))) {
            ask(pair, "never");
            pair.settle();
            pair.session.dispose();
            pair.advance(SECOND);
            assertThat(pair.server.stats().handled().outcomes()).containsExactly(Map.entry(ErrorCode.CANCELLED, 1L));
            assertThat(sum(pair.client.stats().asked())).isEqualTo(1);
        }
    }

    private static void ask(NodePair pair, String route) {
        pair.session.request(route, "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
    }

    private static long sum(Map<ErrorCode, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    // ---- memory

    @Test
    void tellsMemoryAndItsBounds() {
        NodeLimits limits = NodeLimits.defaults();
        try (NodePair pair = pair(spec -> spec)) {
            NodeStats.Memory memory = pair.server.stats().memory();
            assertThat(memory.promised()).isPositive().isEqualTo(pair.server.reservedBytes());
            assertThat(memory.promisedMost()).isEqualTo(limits.nodeBudgetBytes());
            assertThat(memory.unsent()).isZero();
            assertThat(memory.unsentMost()).isEqualTo(limits.nodeSendBudgetBytes());

            pair.session.dispose();
            pair.advance(SECOND);
            assertThat(pair.server.stats().memory().promised()).isZero();
        }
    }

    // ---- samples

    @Test
    void takesASampleForEachThatIsAskedForAndNoneEarlierThanTheInterval() {
        try (NodePair pair = pair(spec -> spec)) {
            PeerNode node = started(pair, "another", spec -> spec.scheduler(pair.time));
            TestSubscriber<NodeStats> subscriber =
                    TestSubscriber.builder().initialRequest(2).build();
            node.stats(SECOND).subscribe(subscriber);
            pair.settle();
            assertThat(subscriber.getReceivedOnNext()).hasSize(1);
            pair.advance(Duration.ofMillis(999));
            assertThat(subscriber.getReceivedOnNext()).hasSize(1);
            pair.advance(Duration.ofMillis(1));
            assertThat(subscriber.getReceivedOnNext()).hasSize(2);
            pair.advance(SECOND.multipliedBy(10));
            assertThat(subscriber.getReceivedOnNext()).hasSize(2);

            node.connect(pair.network.address(NodePair.NAME)).subscribe();
            pair.settle();
            subscriber.request(1);
            pair.settle();
            assertThat(subscriber.getReceivedOnNext()).hasSize(3);
            assertThat(subscriber.getReceivedOnNext().get(2).sessions())
                    .as("taken when it was asked for")
                    .isEqualTo(1);

            node.dispose();
            pair.advance(SECOND);
            assertThat(subscriber.isTerminatedComplete()).isTrue();
            assertThat(node.stats().sessions()).as("of a node that is closed").isZero();
        }
    }

    @Test
    void refusesAnIntervalThatIsNone() {
        try (NodePair pair = pair(spec -> spec)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.server.stats(Duration.ZERO))
                    .withMessage("interval is PT0S, must be 1 ms to 365 days");
        }
    }
}
