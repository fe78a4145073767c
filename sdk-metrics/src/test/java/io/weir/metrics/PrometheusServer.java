package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Prometheus on loopback, a child process of the test, which scrapes a registry and evaluates rules several times a second.
 */
final class PrometheusServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    private final HttpServer metrics;
    private final Process process;
    private final URI api;
    private final Path log;
    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();

    /** @param rules as a file of Prometheus has them */
    PrometheusServer(Path program, Path directory, PrometheusMeterRegistry registry, String rules) throws IOException {
        metrics = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        metrics.createContext("/metrics", exchange -> {
            byte[] scraped = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, scraped.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(scraped);
            }
        });
        metrics.start();
        int port = freePort();
        api = URI.create("http://127.0.0.1:" + port + "/api/v1/");
        log = directory.resolve("prometheus.log");
        Files.writeString(directory.resolve("rules.yml"), rules);
        Files.writeString(directory.resolve("prometheus.yml"), configuration());
        process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + directory.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String configuration() {
        return """
                global:
                  scrape_interval: 500ms
                  scrape_timeout: 500ms
                  evaluation_interval: 500ms
                rule_files: [rules.yml]
                scrape_configs:
                  - job_name: weir
                    static_configs:
                      - targets: ["127.0.0.1:%d"]
                """.formatted(metrics.getAddress().getPort());
    }

    /** The program of that name on the path; null if there is none. */
    static @Nullable Path installed(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** The result of a query, which Prometheus must understand. */
    JsonNode query(String expression) {
        JsonNode answer = get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        assertThat(answer.path("status").asString())
                .as(expression + ": " + answer)
                .isEqualTo("success");
        return answer.path("data").path("result");
    }

    /** The same, as soon as it is as wanted. */
    JsonNode queryUntil(String expression, Predicate<JsonNode> wanted) {
        return poll(() -> query(expression), wanted, expression);
    }

    /** Waits until the alert of that name is firing, of that value of a label. */
    void awaitFiring(String name, String label, String value) {
        poll(
                () -> get("alerts").path("data").path("alerts"),
                alerts -> alerts.valueStream()
                        .anyMatch(alert -> alert.path("state").asString().equals("firing")
                                && alert.path("labels")
                                        .path("alertname")
                                        .asString()
                                        .equals(name)
                                && alert.path("labels").path(label).asString().equals(value)),
                name);
    }

    /** The values of a label for which the alert of that name has ever been pending or firing. */
    List<String> everAlerted(String name, String label) {
        return query("sum by (" + label + ") (count_over_time(ALERTS{alertname=\"" + name + "\"}[10m]))")
                .valueStream()
                .map(alert -> alert.path("metric").path(label).asString())
                .toList();
    }

    private JsonNode poll(Callable<JsonNode> ask, Predicate<JsonNode> wanted, String what) {
        JsonNode found = Flux.interval(Duration.ZERO, POLL)
                .onBackpressureDrop()
                // asking blocks, which the timer's thread may not
                .concatMap(
                        tick -> Mono.fromCallable(ask)
                                .subscribeOn(Schedulers.boundedElastic())
                                .onErrorComplete(),
                        1)
                .filter(wanted)
                .next()
                .timeout(PATIENCE, Mono.empty())
                .block();
        assertThat(found).as(() -> what + ", of " + tail()).isNotNull();
        return found;
    }

    private String tail() {
        try {
            String all = Files.readString(log);
            return "a Prometheus that said: " + all.substring(Math.max(0, all.length() - 2_000));
        } catch (IOException e) {
            return "a Prometheus whose log cannot be read: " + e;
        }
    }

    private JsonNode get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(api.resolve(path)).build();
            return json.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
        metrics.stop(0);
    }
}
