package io.weir.metrics.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What observations carry, of connects too, and what becomes of those that fail. */
class ObservationsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestObservationRegistry here = TestObservationRegistry.create();
    private final TestObservationRegistry there = TestObservationRegistry.create();

    private TestNodes pair(UnaryOperator<PeerNodeSpec> server) {
        return TestNodes.pair(
                spec -> WeirObservations.of(here).observe(spec),
                spec -> server.apply(WeirObservations.of(there).observe(spec)));
    }

    private static PeerNodeSpec echo(PeerNodeSpec spec) {
        return spec.onRequest("x", request -> Mono.just(request.payload()));
    }

    private static List<String> ask(TestNodes nodes, RequestOptions options) {
        List<String> replies = new ArrayList<>();
        nodes.session()
                .request("x", "hello", Codec.utf8(), Codec.utf8(), options)
                .subscribe(replies::add, e -> {});
        nodes.advance(SECOND);
        return replies;
    }

    private static List<String> ask(TestNodes nodes) {
        return ask(nodes, RequestOptions.defaults());
    }

    // ---- what they carry

    @Test
    void aRequestIsNamedAndTellsItsOutcomeAndWhoTookPart() {
        try (TestNodes nodes = pair(ObservationsTest::echo)) {
            ask(nodes);
            TestObservationRegistryAssert.assertThat(here)
                    .hasObservationWithNameEqualTo("weir.client.request")
                    .that()
                    .hasContextualNameEqualTo("request x")
                    .hasLowCardinalityKeyValue("weir.outcome", "success")
                    .hasHighCardinalityKeyValue("weir.name", "x")
                    .hasHighCardinalityKeyValue(
                            "weir.peer", nodes.node("b").id().toString())
                    .hasBeenStarted()
                    .hasBeenStopped();
            TestObservationRegistryAssert.assertThat(there)
                    .hasObservationWithNameEqualTo("weir.server.request")
                    .that()
                    .hasLowCardinalityKeyValue("weir.outcome", "success")
                    .hasHighCardinalityKeyValue(
                            "weir.peer", nodes.node("a").id().toString())
                    .hasBeenStopped();
        }
    }

    @Test
    void aFailureTellsItsCodeAtBothEnds() {
        try (TestNodes nodes =
                pair(spec -> spec.onRequest("x", request -> Mono.error(new IllegalStateException("test"))))) {
            ask(nodes);
            TestObservationRegistryAssert.assertThat(here)
                    .hasObservationWithNameEqualTo("weir.client.request")
                    .that()
                    .hasLowCardinalityKeyValue("weir.outcome", "application_error")
                    .hasError();
            TestObservationRegistryAssert.assertThat(there)
                    .hasObservationWithNameEqualTo("weir.server.request")
                    .that()
                    .hasLowCardinalityKeyValue("weir.outcome", "error")
                    .hasError();
        }
    }

    @Test
    void aDialAndAnInboundConnectionAreObserved() {
        try (TestNodes nodes = pair(spec -> spec)) {
            TestObservationRegistryAssert.assertThat(here)
                    .hasObservationWithNameEqualTo("weir.client.connect")
                    .that()
                    .hasContextualNameEqualTo("connect memory")
                    .hasLowCardinalityKeyValue("weir.outcome", "success")
                    .hasLowCardinalityKeyValue("weir.transport", "memory")
                    .hasBeenStopped();
            TestObservationRegistryAssert.assertThat(there)
                    .hasObservationWithNameEqualTo("weir.server.connect")
                    .that()
                    .hasHighCardinalityKeyValue(
                            "weir.peer", nodes.node("a").id().toString())
                    .hasBeenStopped();
            nodes.node("a").connect(PeerAddress.memory("nobody")).subscribe(session -> {}, e -> {});
            nodes.advance(SECOND);
            assertThat(outcomesOf(here, "weir.client.connect")).contains("connect_failed");
        }
    }

    @Test
    void whoIsNotAdmittedIsObservedAtBothEnds() {
        try (TestNodes nodes = TestNodes.spec()
                .node("a", spec -> WeirObservations.of(here).observe(spec))
                .node(
                        "b",
                        spec -> WeirObservations.of(there).observe(spec).admission(PeerAdmission.allowList(List.of())))
                .unconnected()
                .start()) {
            nodes.node("a").connect(nodes.node("b").addresses().get(0)).subscribe(session -> {}, e -> {});
            nodes.advance(SECOND);
            assertThat(outcomesOf(here, "weir.client.connect")).containsExactly("not_admitted");
            assertThat(outcomesOf(there, "weir.server.connect")).containsExactly("not_admitted");
        }
    }

    private static List<String> outcomesOf(TestObservationRegistry registry, String name) {
        List<String> outcomes = new ArrayList<>();
        TestObservationRegistryAssert.assertThat(registry)
                .hasHandledContextsThatSatisfy(contexts -> contexts.stream()
                        .filter(context -> name.equals(context.getName()))
                        .forEach(context -> outcomes.add(
                                Objects.requireNonNull(context.getLowCardinalityKeyValue(WeirKey.OUTCOME.asString()))
                                        .getValue())));
        return outcomes;
    }

    @Test
    void weirsOwnStreamsAreNotObserved() {
        try (TestNodes nodes = pair(spec -> spec)) {
            nodes.node("a").routes();
            nodes.node("b").routes();
            nodes.advance(SECOND);
            TestObservationRegistryAssert.assertThat(here).doesNotHaveAnyRemainingCurrentObservation();
            assertThat(namesOf(here)).containsOnly("weir.client.connect");
        }
        assertThat(namesOf(there)).containsOnly("weir.server.connect");
    }

    private static List<String> namesOf(TestObservationRegistry registry) {
        List<String> names = new ArrayList<>();
        TestObservationRegistryAssert.assertThat(registry)
                .hasHandledContextsThatSatisfy(contexts -> contexts.forEach(context -> names.add(context.getName())));
        return names;
    }

    // ---- conventions

    private static final class Own implements ObservationConvention<WeirClientContext> {
        @Override
        public String getName() {
            return "shop.call";
        }

        @Override
        public KeyValues getLowCardinalityKeyValues(WeirClientContext context) {
            return KeyValues.of("route", context.interaction().name());
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof WeirClientContext;
        }
    }

    private static List<String> askWith(ObservationRegistry registry, ObservationOptions options) {
        try (TestNodes nodes =
                TestNodes.pair(spec -> WeirObservations.of(registry, options).observe(spec), ObservationsTest::echo)) {
            return ask(nodes);
        }
    }

    @Test
    void aConventionCanBeReplacedByTheOptionsOrByTheRegistry() {
        askWith(here, ObservationOptions.defaults().withClient(new Own()));
        TestObservationRegistryAssert.assertThat(here)
                .hasObservationWithNameEqualTo("shop.call")
                .that()
                .hasLowCardinalityKeyValue("route", "x");

        there.observationConfig().observationConvention(new Global());
        askWith(there, ObservationOptions.defaults());
        TestObservationRegistryAssert.assertThat(there)
                .hasObservationWithNameEqualTo("global.call")
                .that()
                .hasBeenStopped();
    }

    private static final class Global implements GlobalObservationConvention<WeirClientContext> {
        @Override
        public String getName() {
            return "global.call";
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof WeirClientContext;
        }
    }

    /** Answers null, or throws. */
    private static final class Bad implements ObservationConvention<WeirClientContext> {
        private final boolean throwing;

        Bad(boolean throwing) {
            this.throwing = throwing;
        }

        private <T> @Nullable T nothing() {
            if (throwing) {
                throw new IllegalStateException("test");
            }
            return null;
        }

        @Override
        public @Nullable String getName() {
            return nothing();
        }

        @Override
        public @Nullable String getContextualName(WeirClientContext context) {
            return nothing();
        }

        @Override
        @SuppressWarnings("NullAway") // as those do that know nothing of it
        public KeyValues getLowCardinalityKeyValues(WeirClientContext context) {
            return nothing();
        }

        @Override
        @SuppressWarnings("NullAway")
        public KeyValues getHighCardinalityKeyValues(WeirClientContext context) {
            return nothing();
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    @Test
    void aConventionThatReturnsNullOrThrowsIsAsIfThereWereNone() {
        for (boolean throwing : new boolean[] {false, true}) {
            TestObservationRegistry registry = TestObservationRegistry.create();
            List<String> replies =
                    askWith(registry, ObservationOptions.defaults().withClient(new Bad(throwing)));
            assertThat(replies).containsExactly("hello");
            TestObservationRegistryAssert.assertThat(registry)
                    .hasObservationWithNameEqualTo("weir.client.request")
                    .that()
                    .hasContextualNameEqualTo("request x")
                    .hasLowCardinalityKeyValue(KeyValue.of("weir.outcome", "success"))
                    .hasBeenStopped();
        }
    }

    /** One of the registry, which answers null or throws from its so-manieth question of one kind on. */
    private static final class BadGlobal implements GlobalObservationConvention<WeirClientContext> {
        private final boolean throwing;
        private final String question;
        private int left;

        BadGlobal(boolean throwing, String question, int goodAnswers) {
            this.throwing = throwing;
            this.question = question;
            left = goodAnswers;
        }

        private <T> @Nullable T answer(String asked, T good) {
            if (!asked.equals(question) || left-- > 0) {
                return good;
            }
            if (throwing) {
                throw new IllegalStateException("test");
            }
            return null;
        }

        @Override
        public @Nullable String getName() {
            return answer("name", "weir.client.request");
        }

        @Override
        @SuppressWarnings("NullAway") // as those do that know nothing of it
        public KeyValues getLowCardinalityKeyValues(WeirClientContext context) {
            return answer("low", KeyValues.of("low", "1"));
        }

        @Override
        @SuppressWarnings("NullAway")
        public KeyValues getHighCardinalityKeyValues(WeirClientContext context) {
            return answer("high", KeyValues.of("high", "1"));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof WeirClientContext;
        }
    }

    @Test
    void aConventionOfTheRegistryThatReturnsNullOrThrowsAtTheStartOrTheStopHurtsNobody() {
        for (String question : new String[] {"name", "low", "high"}) {
            int most = question.equals("name") ? 1 : 2; // a name is wanted for the start only
            for (int good = 0; good < most; good++) {
                for (boolean throwing : new boolean[] {false, true}) {
                    TestObservationRegistry registry = TestObservationRegistry.create();
                    registry.observationConfig().observationConvention(new BadGlobal(throwing, question, good));
                    assertThat(askWith(registry, ObservationOptions.defaults()))
                            .as(question + " " + good + " " + throwing)
                            .containsExactly("hello");
                    TestObservationRegistryAssert.assertThat(registry)
                            .hasObservationWithNameEqualTo("weir.client.request")
                            .that()
                            .hasBeenStarted()
                            .hasBeenStopped();
                    if (!question.equals("name")) {
                        TestObservationRegistryAssert.assertThat(registry)
                                .hasObservationWithNameEqualTo("weir.client.request")
                                .that()
                                .hasLowCardinalityKeyValue(
                                        question.equals("low")
                                                ? KeyValue.of("weir.outcome", "success")
                                                : KeyValue.of("low", "1"));
                    }
                }
            }
        }
    }

    // ---- what fails

    @Test
    void aHandlerOfObservationsThatThrowsFailsNothingThatIsObserved() {
        for (int when = 0; when < 4; when++) {
            int at = when;
            ObservationRegistry registry = ObservationRegistry.create();
            registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
                private void throwAt(int moment) {
                    if (moment == at) {
                        throw new IllegalStateException("test");
                    }
                }

                @Override
                public void onStart(Observation.Context context) {
                    throwAt(0);
                }

                @Override
                public void onScopeOpened(Observation.Context context) {
                    throwAt(1);
                }

                @Override
                public void onScopeClosed(Observation.Context context) {
                    throwAt(2);
                }

                @Override
                public void onStop(Observation.Context context) {
                    throwAt(3);
                }

                @Override
                public boolean supportsContext(Observation.Context context) {
                    return true;
                }
            });
            try (TestNodes nodes = TestNodes.pair(
                    spec -> WeirObservations.of(registry).observe(spec),
                    spec -> echo(WeirObservations.of(registry).observe(spec)))) {
                assertThat(ask(nodes)).as("thrown at " + at).containsExactly("hello");
                assertThat(registry.getCurrentObservation()).isNull();
            }
        }
    }

    @Test
    void whatFindsNoRoomInTheHeadersStaysHereAndTheRequestGoes() {
        Traced tracing = new Traced();
        List<String> names = new ArrayList<>();
        try (TestNodes nodes = TestNodes.pair(
                tracing::observe,
                spec -> spec.onRequest("x", request -> {
                    names.addAll(request.headers().names());
                    return Mono.just(request.payload());
                }))) {
            Headers full = Headers.empty();
            for (int i = 0; i < Headers.MAX_ENTRIES; i++) {
                full = full.with("h" + i, "");
            }
            assertThat(ask(nodes, RequestOptions.defaults().withHeaders(full))).containsExactly("hello");
            assertThat(names).hasSize(Headers.MAX_ENTRIES).doesNotContain("traceparent");
            assertThat(tracing.names()).contains("request x");
        }
    }

    @Test
    void aRegistryWithoutHandlersObservesNothing() {
        assertThat(askWith(ObservationRegistry.create(), ObservationOptions.defaults()))
                .containsExactly("hello");
        assertThat(askWith(ObservationRegistry.NOOP, ObservationOptions.defaults()))
                .containsExactly("hello");
    }

    @Test
    void connectsThatAreGivenUpAreNotKept() {
        ConnectObserver observer = new ConnectObserver(here, ObservationOptions.defaults());
        try (TestNodes nodes = TestNodes.pair(spec -> spec.observer(observer), spec -> spec)) {
            nodes.node("a").connect(PeerAddress.memory("nobody")).subscribe().dispose();
            nodes.advance(SECOND);
        }
        assertThat(observer.kept()).isZero();
    }
}
