package io.weir.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.codec.Codec;
import io.weir.test.LaunchedTests.Ended;
import io.weir.test.network.SimulatedNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import reactor.core.publisher.Flux;

/** The extension, by running classes of tests with it. */
final class WeirNodesTest {

    /** What the fixtures have got, in order. */
    private static final List<TestNodes> GIVEN = new ArrayList<>();

    @BeforeEach
    void forget() {
        GIVEN.clear();
    }

    @Test
    void aTestAndItsConstructorGetTheSameNodesAndEachTestItsOwn() {
        assertThat(run(Injected.class))
                .hasSize(2)
                .allSatisfy((test, failure) -> assertThat(failure).isEmpty());
        assertThat(GIVEN).hasSize(6).allMatch(TestNodes::isClosed);
        assertThat(GIVEN.subList(0, 3)).containsOnly(GIVEN.get(0));
        assertThat(GIVEN.subList(3, 6)).containsOnly(GIVEN.get(3)).doesNotContain(GIVEN.get(0));
    }

    @ExtendWith(WeirNodes.class)
    static final class Injected {
        Injected(TestNodes nodes) {
            GIVEN.add(nodes);
        }

        @BeforeEach
        void before(TestNodes nodes) {
            GIVEN.add(nodes);
        }

        @Test
        void one(TestNodes nodes) {
            GIVEN.add(nodes);
            assertThat(nodes.session().isDisposed()).isFalse();
        }

        @Test
        void other(TestNodes nodes) {
            GIVEN.add(nodes);
        }
    }

    @Test
    void whatIsStartedFromTheSpecIsClosedToo() {
        assertThat(run(FromSpec.class).values()).containsExactly("");
        assertThat(GIVEN).hasSize(2).allMatch(TestNodes::isClosed);
    }

    @ExtendWith(WeirNodes.class)
    static final class FromSpec {
        @Test
        void startsItsOwn(TestNodesSpec spec, TestNodesSpec another) {
            assertThat(spec).isNotSameAs(another);
            GIVEN.add(spec.node("client").node("shop").start());
            GIVEN.add(another.node("alone").start());
        }
    }

    @Test
    void leaksFailTheTestThatLeftThemAndNoOther() {
        Map<String, String> failures = run(Leaking.class);
        assertThat(failures.get("leaks"))
                .contains("have left something behind: ")
                .contains("1 links and ");
        assertThat(failures.get("closesByItself")).isEmpty();
        assertThat(failures.get("failsAnyway")).isEqualTo("its own");
        assertThat(failures.get("leavesNothing")).isEmpty();
        assertThat(GIVEN).hasSize(4).allMatch(TestNodes::isClosed);
    }

    @ExtendWith(WeirNodes.class)
    static final class Leaking {
        private static TestNodes leak(TestNodes nodes) {
            GIVEN.add(nodes);
            leaveNodes(nodes);
            return nodes;
        }

        @Test
        void leaks(TestNodes nodes) {
            leak(nodes);
        }

        @Test
        void closesByItself(TestNodes nodes) {
            leak(nodes).close();
        }

        @Test
        void failsAnyway(TestNodes nodes) {
            leak(nodes);
            throw new AssertionError("its own");
        }

        @Test
        void leavesNothing(TestNodes nodes) {
            GIVEN.add(nodes);
        }
    }

    @Test
    void declaredNodesAreStartedForEachTest() {
        assertThat(run(Declared.class).values()).containsExactly("", "");
        assertThat(GIVEN).hasSize(2).doesNotHaveDuplicates();
    }

    static final class Declared {
        @RegisterExtension
        static final WeirNodes NODES = WeirNodes.of(TestNodes.spec()
                .node("client")
                .node(
                        "shop",
                        spec -> spec.onStream("one", stream -> stream.send(Flux.just(1), Codec.json(int.class)))));

        private static void check(TestNodes nodes) {
            GIVEN.add(nodes);
            List<Integer> got = new ArrayList<>();
            nodes.session("client", "shop")
                    .openStream("one", StreamConfig.reliable())
                    .receive(Codec.json(Integer.class))
                    .subscribe(got::add);
            assertThat(got).containsExactly(1);
        }

        @Test
        void one(TestNodes nodes) {
            check(nodes);
        }

        @Nested
        final class Inside {
            @Test
            void other(TestNodes nodes) {
                check(nodes);
            }
        }
    }

    @Test
    void whatTheClassAsksForLivesForTheClass() {
        for (Class<?> fixture : List.of(BeforeAllTests.class, OneInstance.class)) {
            GIVEN.clear();
            assertThat(run(fixture).values()).as(fixture.getSimpleName()).containsExactly("", "");
            assertThat(GIVEN).hasSize(3).containsOnly(GIVEN.get(0));
            assertThat(GIVEN.get(0).isClosed()).isTrue();
        }
    }

    @ExtendWith(WeirNodes.class)
    static final class BeforeAllTests {
        @BeforeAll
        static void before(TestNodes nodes) {
            GIVEN.add(nodes);
        }

        @Test
        void one(TestNodes nodes) {
            assertThat(nodes.isClosed()).isFalse();
            GIVEN.add(nodes);
        }

        @Test
        void other(TestNodes nodes) {
            assertThat(nodes.isClosed()).isFalse();
            GIVEN.add(nodes);
        }
    }

    @ExtendWith(WeirNodes.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static final class OneInstance {
        OneInstance(TestNodes nodes) {
            GIVEN.add(nodes);
        }

        @Test
        void one(TestNodes nodes) {
            assertThat(nodes.isClosed()).isFalse();
            GIVEN.add(nodes);
        }

        @Test
        void other(TestNodes nodes) {
            assertThat(nodes.isClosed()).isFalse();
            GIVEN.add(nodes);
        }
    }

    @Test
    void aLeakOfTheClassFailsTheClass() {
        assertThat(run(LeakOfClass.class).get("LeakOfClass")).contains("1 links and ");
    }

    @ExtendWith(WeirNodes.class)
    static final class LeakOfClass {
        @BeforeAll
        static void before(TestNodes nodes) {
            leaveNodes(nodes);
        }

        @Test
        void innocent() {
            assertThat(GIVEN).isEmpty();
        }
    }

    /** Starts two more on the network of those, connected, and forgets them. */
    private static void leaveNodes(TestNodes nodes) {
        SimulatedNetwork network = nodes.network();
        network.listener("x").start().subscribe();
        network.node("y").start().flatMap(y -> y.connect(network.address("x"))).subscribe();
    }

    /** What failed, by the name of the method or class; empty for what did not, of classes only where they did. */
    private static Map<String, String> run(Class<?> tests) {
        Map<String, String> failures = new LinkedHashMap<>();
        for (Ended ended :
                LaunchedTests.run(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)))) {
            String message = ended.failure() == null
                    ? ""
                    : String.valueOf(ended.failure().getMessage());
            failures.put(ended.methodName().isEmpty() ? tests.getSimpleName() : ended.methodName(), message);
        }
        return failures;
    }
}
