package io.weir.samples.metrics;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.metrics.MeterOptions;
import io.weir.metrics.WeirMeter;
import io.weir.metrics.WeirMetrics;
import io.weir.reactive.PeerNode;
import io.weir.reactive.codec.Codec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;

/**
 * A publisher that could send more than its subscriber takes. Its meters tell so: most of each second it has no credit. They are to be
 * had at a page that Prometheus can scrape.
 */
public final class WhoIsSlow {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> STATES = List.of("idle", "sending", "blocked_by_credit", "blocked_by_link");

    private WhoIsSlow() {}

    /** For ten seconds. */
    public static void main(String[] args) throws IOException {
        runNow(10, System.out::println);
    }

    static void runNow(int seconds, Consumer<String> log) throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        WeirMetrics metrics = WeirMetrics.in(registry, MeterOptions.defaults().withTypes(name -> name));
        PeerNode publisher = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .observer(metrics.observer())
                .onStream(
                        "quotes",
                        stream -> stream.send(Flux.range(0, Integer.MAX_VALUE).map(i -> "quote " + i), Codec.utf8()))
                .startNow(PATIENCE);
        PeerNode subscriber = Weir.node().startNow(PATIENCE);
        HttpServer page = serve(registry);
        try {
            log.accept("http://127.0.0.1:" + page.getAddress().getPort() + "/metrics");
            subscriber
                    .connectNow(publisher.addresses().get(0), PATIENCE)
                    .subscribe("quotes", Codec.utf8())
                    .limitRate(100)
                    .delayElements(Duration.ofMillis(1))
                    .subscribe();
            Flux.interval(Duration.ofSeconds(1))
                    .take(seconds)
                    .doOnNext(second -> log.accept(states(registry)))
                    .blockLast();
        } finally {
            page.stop(0);
            subscriber.dispose();
            publisher.dispose();
        }
    }

    /** What the publisher's stream has spent its life on so far. */
    private static String states(PrometheusMeterRegistry registry) {
        return STATES.stream()
                .map(state -> state + " " + seconds(registry, state))
                .collect(Collectors.joining(", "));
    }

    private static String seconds(PrometheusMeterRegistry registry, String state) {
        FunctionCounter counter = registry.find(WeirMeter.STREAM_TIME.meterName())
                .tags("type", "quotes", "state", state)
                .functionCounter();
        return counter == null ? "-" : Math.round(counter.count() * 100) / 100.0 + " s";
    }

    private static HttpServer serve(PrometheusMeterRegistry registry) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] scraped = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, scraped.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(scraped);
            }
        });
        server.start();
        return server;
    }
}
