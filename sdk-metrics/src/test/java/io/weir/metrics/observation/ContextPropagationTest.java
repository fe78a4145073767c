package io.weir.metrics.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

/** Whose observation handlers and callers find: in the Reactor context, and in the thread's own, also on other threads. */
class ContextPropagationTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Traced client = new Traced();
    private final Traced server = new Traced();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    /** Each task on a new thread, whose end is awaited: another thread, and no race. */
    private final Scheduler otherThreads = Schedulers.fromExecutor(task -> {
        Thread thread = new Thread(task, "other");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    });

    @AfterEach
    void scopesAreClosed() {
        Hooks.disableAutomaticContextPropagation();
        assertThat(client.registry.getCurrentObservation()).isNull();
        assertThat(server.registry.getCurrentObservation()).isNull();
        assertThat(client.registry.getCurrentObservationScope()).isNull();
    }

    private TestNodes nodes(UnaryOperator<PeerNodeSpec> handling) {
        return TestNodes.pair(client::intercept, spec -> handling.apply(server.intercept(spec)));
    }

    private <T> T note(String where, T value) {
        Observation current = server.registry.getCurrentObservation();
        String name = current == null ? "none" : current.getContextView().getName();
        seen.add(where + " " + name + (Thread.currentThread().getName().equals("other") ? " elsewhere" : ""));
        return value;
    }

    private static void ask(TestNodes nodes) {
        nodes.session().request("x", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
        nodes.advance(SECOND);
    }

    // ---- in the thread

    @Test
    void aHandlerIsCalledAndSubscribedToWithItsObservationOpen() {
        try (TestNodes nodes = nodes(spec -> spec.onRequest("x", request -> {
            note("called", request);
            return Mono.fromSupplier(() -> note("subscribed", request.payload()))
                    .hide();
        }))) {
            ask(nodes);
            assertThat(seen).containsExactly("called weir.server.request", "subscribed weir.server.request");
            assertThat(server.names()).containsExactly("request x");
        }
    }

    @Test
    void aHandlerThatWasMovedIsCalledThereWithItsObservationOpen() {
        RequestHandler handler = request -> Mono.just(note("called", request.payload()));
        try (TestNodes nodes = nodes(spec -> spec.onRequest("x", handler.on(otherThreads)))) {
            ask(nodes);
            assertThat(seen).containsExactly("called weir.server.request elsewhere");
        }
    }

    @Test
    void whatHandlersDoOverPublishOnFindsItInItsThreadWhereReactorHandsItOn() {
        Hooks.enableAutomaticContextPropagation();
        try (TestNodes nodes = nodes(spec -> spec.onRequest(
                        "x",
                        request -> Mono.just(request.payload())
                                .hide()
                                .publishOn(otherThreads)
                                .map(payload -> note("published", payload)))
                .onMessage(
                        "m",
                        message -> Mono.just("")
                                .hide()
                                .publishOn(otherThreads)
                                .doOnNext(word -> note("published", word))
                                .then())
                .onStream(
                        "s",
                        stream -> stream.send(
                                Flux.just("a").hide().publishOn(otherThreads).map(word -> note("published", word)),
                                Codec.utf8())))) {
            ask(nodes);
            nodes.session().send("m", "", Codec.utf8()).subscribe();
            nodes.session().subscribe("s", Codec.utf8()).subscribe();
            nodes.advance(SECOND);
            assertThat(seen)
                    .containsExactly(
                            "published weir.server.request elsewhere",
                            "published weir.server.message elsewhere",
                            "published weir.server.stream elsewhere");
        }
    }

    @Test
    void whoAsksFindsItsOwnObservationInItsThreadAgainWhenTheAnswerComes() {
        Hooks.enableAutomaticContextPropagation();
        Observation caller = Observation.start("caller", client.registry);
        try (TestNodes nodes = nodes(spec -> spec.onRequest("x", request -> Mono.just(request.payload()))
                .onStream("s", stream -> stream.send(Flux.just("a"), Codec.utf8())))) {
            nodes.session()
                    .request("x", "", Codec.utf8(), Codec.utf8())
                    .doOnNext(reply -> note("reply", reply))
                    .contextWrite(Context.of(ObservationThreadLocalAccessor.KEY, caller))
                    .subscribe();
            nodes.session()
                    .subscribe("s", Codec.utf8())
                    .doOnNext(word -> note("element", word))
                    .contextWrite(Context.of(ObservationThreadLocalAccessor.KEY, caller))
                    .subscribe();
            nodes.advance(SECOND);
            assertThat(seen).hasSize(2).allMatch(line -> line.endsWith(" caller"));
        }
        caller.stop();
    }

    // ---- in the Reactor context

    @Test
    void whatIsAskedInAScopeIsAChildOfItWithoutAWord() {
        try (TestNodes nodes = nodes(spec -> spec.onRequest("x", request -> Mono.just(request.payload())))) {
            Observation caller = Observation.start("caller", client.registry);
            caller.scoped(() -> {
                nodes.session().request("x", "", Codec.utf8(), Codec.utf8()).subscribe();
            });
            nodes.advance(SECOND);
            caller.stop();
            assertChildren(1);
        }
    }

    @Test
    void eachRetryIsAChildOfTheSameCaller() {
        AtomicInteger tries = new AtomicInteger();
        try (TestNodes nodes = nodes(spec -> spec.onRequest(
                "x",
                request -> tries.incrementAndGet() < 3
                        ? Mono.error(new RequestRefusedException(ErrorCode.BUSY))
                        : Mono.just(request.payload())))) {
            Observation caller = Observation.start("caller", client.registry);
            nodes.session()
                    .request("x", "", Codec.utf8(), Codec.utf8())
                    .retryWhen(Retry.backoff(5, SECOND).scheduler(nodes.time()))
                    .contextWrite(Context.of(ObservationThreadLocalAccessor.KEY, caller))
                    .subscribe();
            nodes.advance(SECOND.multipliedBy(30));
            caller.stop();
            assertChildren(3);
            assertThat(outcomes(client)).containsExactly("busy", "busy", "success", "none");
            assertThat(outcomes(server)).containsExactly("busy", "busy", "success");
        }
    }

    @Test
    void hedgedRequestsAreChildrenOfTheSameCallerAndTheSlowerOneIsCancelled() {
        AtomicInteger asked = new AtomicInteger();
        try (TestNodes nodes = nodes(spec -> spec.onRequest(
                "x", request -> asked.incrementAndGet() == 1 ? Mono.never() : Mono.just(request.payload())))) {
            Observation caller = Observation.start("caller", client.registry);
            Mono<String> first = nodes.session().request("x", "", Codec.utf8(), Codec.utf8());
            Mono<String> second = Mono.delay(SECOND, nodes.time()).then(first);
            List<String> answers = new ArrayList<>();
            Mono.firstWithValue(first, second)
                    .contextWrite(Context.of(ObservationThreadLocalAccessor.KEY, caller))
                    .subscribe(answers::add);
            nodes.advance(SECOND.multipliedBy(3));
            caller.stop();
            assertThat(answers).hasSize(1);
            assertChildren(2);
            assertThat(outcomes(client)).containsExactlyInAnyOrder("success", "cancelled", "none");
            assertThat(outcomes(server)).containsExactlyInAnyOrder("success", "cancelled");
        }
    }

    @Test
    void theValuesOfAnExchangeFindTheExchangeAsTheirs() {
        try (TestNodes nodes =
                nodes(spec -> spec.onStream("s", stream -> stream.send(stream.receive(Codec.utf8()), Codec.utf8())))) {
            Flux<String> values = Flux.deferContextual(context -> {
                Observation own = context.get(ObservationThreadLocalAccessor.KEY);
                seen.add(Objects.requireNonNull(own.getContextView().getName()));
                return Flux.just("a");
            });
            nodes.session().exchange("s", values, Codec.utf8(), Codec.utf8()).subscribe();
            nodes.advance(SECOND);
            assertThat(seen).containsExactly("weir.client.exchange");
        }
    }

    /** The last span of the client is the caller's. */
    private void assertChildren(int count) {
        List<SpanData> spans = client.spans();
        SpanData caller = spans.get(spans.size() - 1);
        assertThat(spans).hasSize(count + 1);
        assertThat(spans.subList(0, count))
                .extracting(SpanData::getParentSpanId)
                .containsOnly(caller.getSpanId());
        assertThat(server.spans()).extracting(SpanData::getTraceId).containsOnly(caller.getTraceId());
    }

    private static List<String> outcomes(Traced node) {
        return node.spans().stream()
                .map(span -> Objects.requireNonNullElse(
                        span.getAttributes().get(AttributeKey.stringKey(WeirKey.OUTCOME.asString())), "none"))
                .toList();
    }
}
