package io.weir.samples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.weir.reactive.PeerNode;
import io.weir.samples.market.Price;
import io.weir.samples.publisher.Publisher;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

/** One request of a browser is one trace, through the gateway and the publisher, each of which has a tracer of its own. */
class TraceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Spans ofGateway = new Spans();
    private final Spans ofPublisher = new Spans();
    private final ConfigurableApplicationContext publisher = run(
            Publisher.application(),
            ofPublisher,
            "--weir.listen=tcp://127.0.0.1:0",
            "--weir.identity.location=target/publisher.key");
    private final ConfigurableApplicationContext gateway = run(
            new SpringApplicationBuilder(Gateway.class),
            ofGateway,
            "--server.port=0",
            "--weir.identity.location=target/gateway.key",
            "--weir.peers.publisher.addresses="
                    + publisher.getBean(PeerNode.class).addresses().get(0));

    private static ConfigurableApplicationContext run(
            SpringApplicationBuilder application, Spans spans, String... arguments) {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--management.tracing.sampling.probability=1";
        return application
                .initializers(context -> ((GenericApplicationContext) context)
                        .registerBean(SimpleSpanProcessor.class, () -> SimpleSpanProcessor.builder(spans).build()))
                .run(all);
    }

    @AfterEach
    void close() {
        gateway.close();
        publisher.close();
    }

    @Test
    void aBrowsersRequestIsOneTraceOverBothServices() throws InterruptedException {
        gateway.getBean(PeerNode.class).peers().list().get(0).session().block(PATIENCE);
        int port = ((WebServerApplicationContext) gateway).getWebServer().getPort();

        Price price = WebClient.create("http://localhost:" + port)
                .get()
                .uri("/prices/ACME")
                .retrieve()
                .bodyToMono(Price.class)
                .block(PATIENCE);
        assertThat(price.symbol()).isEqualTo("ACME");

        SpanData asks = ofGateway.next("request price");
        SpanData http = ofGateway.next("http get /prices/{symbol}");
        SpanData answers = ofPublisher.next("request price");
        assertThat(List.of(http.getKind(), asks.getKind(), answers.getKind()))
                .containsExactly(SpanKind.SERVER, SpanKind.CLIENT, SpanKind.SERVER);
        assertThat(asks.getParentSpanId()).isEqualTo(http.getSpanId());
        assertThat(answers.getParentSpanId()).isEqualTo(asks.getSpanId());
        assertThat(List.of(asks.getTraceId(), answers.getTraceId())).containsOnly(http.getTraceId());
    }
}
