package io.weir.metrics.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.extension.trace.propagation.B3Propagator;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Nodes that have nothing in common but the wire, each with a tracer of its own, and the trace that comes of it. */
class OneTraceTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Traced client = new Traced();
    private final Traced shop = new Traced();
    private final Traced warehouse = new Traced();
    private final AtomicReference<PeerSession> toWarehouse = new AtomicReference<>();

    private TestNodes nodes() {
        TestNodes nodes = TestNodes.spec()
                .node("client", client::intercept)
                .node(
                        "shop",
                        spec -> shop.intercept(spec)
                                .onRequest("price", RequestHandler.typed(Codec.utf8(), Codec.utf8(), this::price))
                                .onStream("prices", this::prices))
                .node(
                        "warehouse",
                        spec -> warehouse.intercept(spec).onRequest("stock", request -> Mono.just(request.payload())))
                .start();
        toWarehouse.set(nodes.session("shop", "warehouse"));
        return nodes;
    }

    /** Neither mentions a trace. */
    private Mono<String> price(String item) {
        return toWarehouse.get().request("stock", item, Codec.utf8(), Codec.utf8());
    }

    private Mono<Void> prices(PeerStream stream) {
        Flux<String> prices = stream.receive(Codec.utf8()).flatMap(this::price);
        return stream.send(prices, Codec.utf8());
    }

    @Test
    void aRequestThatAsksAnotherNodeIsOneTraceOverThreeNodes() {
        try (TestNodes nodes = nodes()) {
            Observation caller = Observation.start("caller", client.registry);
            List<String> answers = new ArrayList<>();
            nodes.session("client", "shop")
                    .request("price", "chair", Codec.utf8(), Codec.utf8())
                    .contextWrite(Context.of(ObservationThreadLocalAccessor.KEY, caller))
                    .subscribe(answers::add);
            nodes.advance(SECOND);
            caller.stop();
            assertThat(answers).containsExactly("chair");

            assertThat(client.names()).containsExactly("request price", "caller");
            assertThat(shop.names()).containsExactly("request stock", "request price");
            assertThat(warehouse.names()).containsExactly("request stock");
            SpanData root = client.spans().get(1);
            SpanData asks = client.spans().get(0);
            SpanData shopAnswers = shop.spans().get(1);
            SpanData shopAsks = shop.spans().get(0);
            SpanData warehouseAnswers = warehouse.spans().get(0);
            assertThat(root.getParentSpanId()).isEqualTo(SpanId.getInvalid());
            assertChain(root, asks, shopAnswers, shopAsks, warehouseAnswers);
            assertThat(List.of(asks, shopAsks)).extracting(SpanData::getKind).containsOnly(SpanKind.CLIENT);
            assertThat(List.of(shopAnswers, warehouseAnswers))
                    .extracting(SpanData::getKind)
                    .containsOnly(SpanKind.SERVER);
        }
    }

    private static void assertChain(SpanData... spans) {
        for (int i = 1; i < spans.length; i++) {
            assertThat(spans[i].getParentSpanId())
                    .as(spans[i].getName() + " is a child of " + spans[i - 1].getName())
                    .isEqualTo(spans[i - 1].getSpanId());
            assertThat(spans[i].getTraceId()).isEqualTo(spans[0].getTraceId());
        }
    }

    @Test
    void anExchangeIsOneTraceTooAndSoIsWhatItsHandlerAsks() {
        try (TestNodes nodes = nodes()) {
            List<String> answers = new ArrayList<>();
            nodes.session("client", "shop")
                    .exchange("prices", Flux.just("chair", "table"), Codec.utf8(), Codec.utf8())
                    .subscribe(answers::add);
            nodes.advance(SECOND);
            assertThat(answers).containsExactlyInAnyOrder("chair", "table");
            assertThat(client.names()).containsExactly("exchange prices");
            assertThat(warehouse.names()).containsExactly("request stock", "request stock");
            SpanData root = client.spans().get(0);
            SpanData handler = shop.spans().stream()
                    .filter(span -> span.getName().equals("stream prices"))
                    .findAny()
                    .orElseThrow();
            assertChain(root, handler);
            List<SpanData> all = Stream.of(client, shop, warehouse)
                    .flatMap(node -> node.spans().stream())
                    .toList();
            assertThat(all).extracting(SpanData::getTraceId).containsOnly(root.getTraceId());
        }
    }

    @Test
    void aSubscriptionAMessageAndAStreamCarryTheTraceAsWell() {
        try (TestNodes nodes = TestNodes.pair(
                client::intercept,
                spec -> shop.intercept(spec)
                        .onMessage("log", message -> Mono.empty())
                        .onStream("words", stream -> stream.send(Flux.just("a"), Codec.utf8())))) {
            nodes.session().send("log", "x", Codec.utf8()).subscribe();
            nodes.session().subscribe("words", Codec.utf8()).subscribe();
            nodes.session()
                    .openStream("words", StreamConfig.reliable())
                    .receive(Codec.utf8())
                    .subscribe();
            nodes.advance(SECOND);
            nodes.session().openStream("words", StreamConfig.reliable()).dispose();
            nodes.session().dispose();
            nodes.advance(SECOND);
            assertThat(client.names()).containsExactlyInAnyOrder("message log", "subscription words", "stream words");
            assertThat(shop.names()).containsExactlyInAnyOrder("message log", "stream words", "stream words");
            for (SpanData handled : shop.spans()) {
                assertThat(client.spans())
                        .extracting(SpanData::getSpanId)
                        .as(handled.getName())
                        .contains(handled.getParentSpanId());
            }
            assertThat(spanOf(client, "message log").getKind()).isEqualTo(SpanKind.PRODUCER);
            assertThat(spanOf(shop, "message log").getKind()).isEqualTo(SpanKind.CONSUMER);
        }
    }

    private static SpanData spanOf(Traced node, String name) {
        return node.spans().stream()
                .filter(span -> span.getName().equals(name))
                .findAny()
                .orElseThrow();
    }

    @Test
    void aTraceCrossesInWhateverFormatThePropagatorHas() {
        Traced asking = new Traced(B3Propagator.injectingMultiHeaders());
        Traced answering = new Traced(B3Propagator.injectingMultiHeaders());
        List<String> headers = new ArrayList<>();
        try (TestNodes nodes = TestNodes.pair(
                asking::intercept,
                spec -> answering.intercept(spec).onRequest("x", request -> {
                    headers.addAll(request.headers().names());
                    return Mono.just(request.payload());
                }))) {
            nodes.session().request("x", "", Codec.utf8(), Codec.utf8()).subscribe();
            nodes.advance(SECOND);
            assertThat(headers).contains("X-B3-TraceId");
            assertChain(asking.spans().get(0), answering.spans().get(0));
        }
    }

    @Test
    void aPeerThatSendsNoTraceOrNonsenseBeginsOne() {
        try (TestNodes nodes = TestNodes.pair(
                spec -> spec, spec -> shop.intercept(spec).onRequest("x", request -> Mono.just(request.payload())))) {
            RequestOptions nonsense =
                    RequestOptions.defaults().withHeaders(Headers.of("traceparent", "00-nonsense-\u0000-01"));
            nodes.session().request("x", "", Codec.utf8(), Codec.utf8()).subscribe();
            nodes.session()
                    .request("x", "", Codec.utf8(), Codec.utf8(), nonsense)
                    .subscribe();
            nodes.advance(SECOND);
            assertThat(shop.names()).containsExactly("request x", "request x");
            assertThat(shop.spans())
                    .extracting(SpanData::getParentSpanId)
                    .as("nobody's child")
                    .containsOnly(SpanId.getInvalid());
        }
    }
}
