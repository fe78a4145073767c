package io.weir.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.SessionClosedException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

final class TestNodesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final NodeLimits HASTY = NodeLimits.defaults().withSilenceLimit(SECOND);

    private static PeerNodeSpec counting(PeerNodeSpec spec) {
        return spec.onStream("numbers", stream -> stream.send(Flux.range(1, 1_000), Codec.json(Integer.class)));
    }

    private static PeerNodeSpec ticking(PeerNodeSpec spec) {
        return spec.limits(HASTY).onStream("never", stream -> stream.send(Flux.never(), Codec.utf8()));
    }

    private static Flux<Integer> numbers(PeerSession session) {
        return session.openStream("numbers", StreamConfig.reliable()).receive(Codec.json(Integer.class));
    }

    private static long seconds(TestNodes nodes) {
        return nodes.time().now(TimeUnit.SECONDS);
    }

    @Test
    void pairIsConnectedAndNeedsNoTime() {
        try (TestNodes nodes = TestNodes.pair(a -> a, TestNodesTest::counting)) {
            StepVerifier.create(numbers(nodes.session())).expectNextCount(1_000).verifyComplete();

            assertThat(nodes.session().peer()).isEqualTo(nodes.node("b").id());
            assertThat(nodes.session("b", "a").peer()).isEqualTo(nodes.node(0).id());
            assertThat(nodes.time().now(TimeUnit.NANOSECONDS)).isZero();
        }
    }

    @Test
    void demandOfAStepVerifierCrossesTheLink() {
        try (TestNodes nodes = TestNodes.pair(a -> a, TestNodesTest::counting)) {
            StepVerifier.create(numbers(nodes.session()), 0)
                    .thenRequest(2)
                    .expectNext(1, 2)
                    .thenRequest(1)
                    .expectNext(3)
                    .thenCancel()
                    .verify();
        }
    }

    @Test
    void everyNodeOfAMeshReachesEveryOther() {
        try (TestNodes nodes = TestNodes.mesh(
                4,
                each -> each.onRequest(
                        "echo", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just(text + "!"))))) {
            for (String from : List.of("a", "b", "c", "d")) {
                for (String to : List.of("a", "b", "c", "d")) {
                    if (!from.equals(to)) {
                        StepVerifier.create(
                                        nodes.session(from, to).request("echo", from + to, Codec.utf8(), Codec.utf8()))
                                .expectNext(from + to + "!")
                                .verifyComplete();
                    }
                }
            }
            assertThat(nodes.nodes()).hasSize(4);
            assertThat(nodes.network().links()).isEqualTo(6);
        }
    }

    @Test
    void withinLetsTimePassUntilTheSourceEnds() {
        try (TestNodes nodes = TestNodes.spec()
                .profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(250)))
                .node("client")
                .node("server", TestNodesTest::counting)
                .start()) {
            StepVerifier.create(nodes.within(SECOND, numbers(nodes.session())))
                    .expectNextCount(1_000)
                    .verifyComplete();
        }
    }

    @Test
    void withinFailsWithTheSeedWhenTheSourceDoesNotEnd() {
        try (TestNodes nodes = TestNodes.spec()
                .seed(77)
                .node("client")
                .node("server", TestNodesTest::ticking)
                .start()) {
            AtomicBoolean cancelled = new AtomicBoolean();
            Flux<String> endless = nodes.session()
                    .openStream("never", StreamConfig.reliable())
                    .receive(Codec.utf8())
                    .doOnCancel(() -> cancelled.set(true));
            StepVerifier.create(nodes.within(SECOND, endless))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(AssertionError.class)
                            .hasMessageContaining("not within PT1S")
                            .hasMessageContaining("-Dweir.seed=77"));
            assertThat(cancelled).isTrue();
            assertThat(seconds(nodes)).isEqualTo(1);
        }
    }

    @Test
    void withinStopsTheTimeWhenTheSubscriberHasEnough() {
        try (TestNodes nodes = TestNodes.pair()) {
            Flux<Long> ticks = Flux.interval(SECOND, nodes.time());
            StepVerifier.create(nodes.within(Duration.ofMinutes(5), ticks.take(3)))
                    .expectNext(0L, 1L, 2L)
                    .verifyComplete();
            assertThat(seconds(nodes)).isEqualTo(3);
        }
    }

    @Test
    void verifierThatGoesStepByStepAdvancesTheTimeItself() {
        try (TestNodes nodes = TestNodes.spec()
                .profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(100)))
                .node("client")
                .node("server", TestNodesTest::counting)
                .start()) {
            StepVerifier.create(numbers(nodes.session()), 1)
                    .then(() -> nodes.advance(Duration.ofMillis(199)))
                    .expectNoEvent(Duration.ofMillis(1))
                    .then(() -> nodes.advance(Duration.ofMillis(1)))
                    .expectNext(1)
                    .thenCancel()
                    .verify();
        }
    }

    @Test
    void lostLinkLosesTheSessionAndTheNextConnectMakesAnother() {
        try (TestNodes nodes = TestNodes.pair(a -> a, TestNodesTest::ticking)) {
            PeerSession lost = nodes.session();
            PeerStream stream = lost.openStream("never", StreamConfig.reliable());
            StepVerifier.create(stream.receive(Codec.utf8()))
                    .then(() -> nodes.link().lose())
                    .verifyError(SessionClosedException.class);

            assertThat(lost.state()).isEqualTo(SessionState.CLOSED);
            assertThat(nodes.events("a")).hasAtLeastOneElementOfType(PeerEvent.ConnectionLost.class);
            assertThat(nodes.link().isUp()).isFalse();

            PeerSession next = nodes.connect("a", "b");
            assertThat(next).isNotSameAs(lost).isSameAs(nodes.session());
            assertThat(next.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void partitionIsNoticedAfterTheSilenceLimitAndHealsForOnePairAlone() {
        try (TestNodes nodes = TestNodes.mesh(3, each -> each.limits(HASTY))) {
            nodes.link("a", "b").partition();
            nodes.link("a", "c").partition();
            nodes.advance(Duration.ofMillis(500));
            assertThat(nodes.session("a", "b").state()).isEqualTo(SessionState.READY);

            nodes.link("a", "c").heal();
            nodes.advance(SECOND);
            assertThat(nodes.session("a", "b").state()).isEqualTo(SessionState.CLOSED);
            assertThat(nodes.session("a", "c").state()).isEqualTo(SessionState.READY);
            assertThat(nodes.session("b", "c").state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void oneWayPartitionLosesTheSessionOfTheDeafEndFirst() {
        try (TestNodes nodes = TestNodes.pair(a -> a.limits(HASTY), b -> b.limits(HASTY.withSilenceLimit(SECOND)))) {
            nodes.link().partitionFrom("a");
            nodes.advanceUntil(() -> nodes.session("b", "a").isDisposed(), Duration.ofSeconds(3));
            assertThat(nodes.events("b")).hasAtLeastOneElementOfType(PeerEvent.ConnectionLost.class);
        }
    }

    @Test
    void halfClosedLinkIsALostOne() {
        try (TestNodes nodes = TestNodes.pair()) {
            nodes.link("b", "a").halfCloseFrom("b");
            assertThat(nodes.session().state()).isEqualTo(SessionState.CLOSED);
            assertThat(nodes.events("a")).hasAtLeastOneElementOfType(PeerEvent.ConnectionLost.class);
        }
    }

    @Test
    void linkCountsWhatItCarries() {
        try (TestNodes nodes = TestNodes.pair(a -> a, TestNodesTest::counting)) {
            long before = nodes.link().bytesFrom("b");
            long back = nodes.link().bytesFrom("a");
            StepVerifier.create(numbers(nodes.session())).expectNextCount(1_000).verifyComplete();
            assertThat(nodes.link().bytesFrom("b") - before).isGreaterThan(2_893); // the digits alone
            assertThat(nodes.link().bytesFrom("a") - back).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nodesConnectUnderEveryScenario(long seed) {
        for (Scenario scenario : Scenario.all()) {
            try (TestNodes nodes = TestNodes.spec()
                    .seed(seed)
                    .scenario(scenario)
                    .node("client")
                    .node("server", TestNodesTest::counting)
                    .start()) {
                assertThat(nodes.session().isDisposed()).as(nodes::toString).isFalse();
            }
        }
    }

    @Test
    void sameSeedGivesTheSameRun() {
        assertThat(traceOf(5)).isEqualTo(traceOf(5));
        assertThat(traceOf(6)).isNotEqualTo(traceOf(5));
    }

    private static String traceOf(long seed) {
        try (TestNodes nodes = TestNodes.spec()
                .seed(seed)
                .scenario(Scenario.G3)
                .node("client")
                .node("server", TestNodesTest::counting)
                .start()) {
            StepVerifier.create(nodes.within(Duration.ofMinutes(1), numbers(nodes.session())))
                    .expectNextCount(1_000)
                    .verifyComplete();
            return nodes.network().trace().text();
        }
    }

    @Test
    void whatANodeOfAMeshDeclaresMayDependOnItsName() {
        try (TestNodes nodes = TestNodes.mesh(
                3,
                (name, spec) -> spec.onRequest(
                        "who", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just(name + text))))) {
            StepVerifier.create(nodes.session("a", "c").request("who", "!", Codec.utf8(), Codec.utf8()))
                    .expectNext("c!")
                    .verifyComplete();
            StepVerifier.create(nodes.session("c", "b").request("who", "!", Codec.utf8(), Codec.utf8()))
                    .expectNext("b!")
                    .verifyComplete();
        }
    }

    @Test
    void closingTwiceAndClosingWhatDidNotStartHarmNobody() {
        TestNodes nodes = TestNodes.pair();
        nodes.close();
        nodes.close();
        assertThatThrownBy(() -> TestNodes.pair(a -> a, b -> b.listen(PeerAddress.memory("b"))))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void leaksNothingWhenAllWasTaken() {
        try (TestNodes nodes = TestNodes.mesh(3, TestNodesTest::counting)) {
            StepVerifier.create(numbers(nodes.session())).expectNextCount(1_000).verifyComplete();
            assertThat(nodes.leaks()).isEmpty();
        }
    }

    @Test
    void tellsOfALinkThatNobodyCloses() {
        try (TestNodes nodes = TestNodes.pair()) {
            nodes.network().listener("x").start().subscribe();
            nodes.network()
                    .node("y")
                    .start()
                    .flatMap(y -> y.connect(nodes.network().address("x")))
                    .subscribe();
            assertThat(nodes.leaks()).singleElement().asString().matches("1 links and [1-9][0-9]* timers are left");
        }
    }

    @Test
    void unconnectedNodesWaitForTheTestToDial() {
        try (TestNodes nodes =
                TestNodes.spec().node("one").node("other").unconnected().start()) {
            assertThatThrownBy(nodes::session)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("'one' never had a session with 'other'");
            assertThat(nodes.link().isUp()).isFalse();

            assertThat(nodes.connect("other", "one").initiator()).isTrue();
            assertThat(nodes.session().initiator()).isFalse();
        }
    }

    @Test
    void namesWhatIsWrongWithItsArguments() {
        assertThatThrownBy(() -> TestNodes.mesh(27))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count is 27, must be from 1 to 26");
        assertThatThrownBy(() -> TestNodes.spec().node("x").node("x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x' is there already");
        try (TestNodes nodes = TestNodes.pair()) {
            assertThatThrownBy(() -> nodes.node("z"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("there is no node 'z', but [a, b]");
            assertThatThrownBy(() -> nodes.link().partitionFrom("z"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("node is 'z', must be 'a' or 'b'");
            assertThatThrownBy(() -> nodes.advanceUntil(() -> false, SECOND))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("not within PT1S: seed 1");
        }
    }
}
