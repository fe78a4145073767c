package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import io.weir.test.proxy.UdpImpairment;
import io.weir.test.proxy.Way;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the alert rules, against a real Prometheus that scrapes two nodes at work. */
class PrometheusTest {

    /** The first node of a process tries its cipher out first, and processors may be busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern METRIC = Pattern.compile("\\bweir_[a-z_]+");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final WeirMetrics metrics =
            WeirMetrics.in(registry, MeterOptions.defaults().withTypes(name -> name));

    @TempDir
    private Path directory;

    /** Asks for some, and never again. */
    private static final class Stalling extends BaseSubscriber<String> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(10);
        }
    }

    @Test
    void hasWhatDashboardAndRulesNameAndTellsWhenASubscriberStalls() throws Exception {
        EveryMeter.make(metrics);
        PeerNode publisher = observed()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onStream("ticks", PrometheusTest::sendTicks)
                .onStream(
                        "quotes", stream -> stream.send(Flux.range(0, 1_000_000).map(i -> "quote " + i), Codec.utf8()))
                .startNow(PATIENCE);
        PeerNode subscriber = observed().startNow(PATIENCE);
        try (PrometheusServer prometheus = started()) {
            PeerSession session = subscriber.connectNow(publisher.addresses().get(0), PATIENCE);
            session.subscribe("ticks", Codec.utf8()).subscribe();
            prometheus.queryUntil(
                    "sum(rate(weir_stream_elements_total{type=\"ticks\",direction=\"sent\"}[4s]))",
                    rate -> rate.size() == 1 && !value(rate).equals("0"));
            assertScraped(prometheus);
            assertThat(prometheus.everAlerted("WeirStreamStalled", "type")).isEmpty();

            session.subscribe("quotes", Codec.utf8()).subscribe(new Stalling());
            prometheus.awaitFiring("WeirStreamStalled", "type", "quotes");
            assertThat(prometheus.everAlerted("WeirStreamStalled", "type"))
                    .as("the stream that goes on is fine")
                    .containsExactly("quotes");
        } finally {
            subscriber.dispose();
            publisher.dispose();
        }
    }

    @Test
    void tellsWhenAPathBeginsToLose() throws Exception {
        PeerNode publisher = observed()
                .listen(PeerAddress.udp("127.0.0.1", 0))
                .onStream("ticks", PrometheusTest::sendTicks)
                .startNow(PATIENCE);
        PeerNode subscriber = Weir.node().startNow(PATIENCE);
        try (UdpImpairment path = UdpImpairment.startNow(publisher.addresses().get(0), 1);
                PrometheusServer prometheus = started()) {
            PeerSession session = subscriber.connectNow(path.address(), PATIENCE);
            session.subscribe("ticks", Codec.utf8()).subscribe();
            prometheus.queryUntil(
                    "sum(rate(weir_path_packets_sent_total[4s])) > 10 and sum(rate(weir_path_packets_lost_total[4s])) < 1",
                    enough -> enough.size() == 1);
            assertThat(prometheus.everAlerted("WeirPathLossy", "transport")).isEmpty();

            path.profile(Way.TO_CLIENT, LinkProfile.PERFECT.withLoss(0.2));
            prometheus.awaitFiring("WeirPathLossy", "transport", "udp");
        } finally {
            subscriber.dispose();
            publisher.dispose();
        }
    }

    private PeerNodeSpec observed() {
        return Weir.node().observer(metrics.observer());
    }

    private static Mono<Void> sendTicks(PeerStream stream) {
        return stream.send(
                Flux.interval(Duration.ofMillis(20)).onBackpressureDrop().map(i -> "tick"), Codec.utf8());
    }

    /** With the module's rules. */
    private PrometheusServer started() throws IOException {
        Path program = PrometheusServer.installed("prometheus");
        assumeTrue(program != null, "there is no prometheus on the path: apt-get install prometheus");
        return new PrometheusServer(program, directory, registry, shortened(rules()));
    }

    /** Every metric that is named is there, and every expression is one. */
    private static void assertScraped(PrometheusServer prometheus) throws IOException {
        assertThat(value(prometheus.query("max_over_time(up{job=\"weir\"}[1m])")))
                .isEqualTo("1");
        Set<String> expressions = expressions();
        assertThat(expressions).hasSizeGreaterThan(30);
        Set<String> names = new TreeSet<>();
        for (String expression : expressions) {
            prometheus.query(expression);
            names.addAll(
                    METRIC.matcher(expression).results().map(MatchResult::group).collect(Collectors.toSet()));
        }
        assertThat(names).hasSizeGreaterThan(30);
        for (String name : names) {
            // a scrape that a busy machine has no time for leaves a gap, which is not meant
            assertThat(prometheus.query("count(count_over_time(" + name + "[1m]))"))
                    .as(name)
                    .hasSize(1);
        }
    }

    private static String value(JsonNode result) {
        return result.get(0).path("value").get(1).asString();
    }

    private static Set<String> expressions() throws IOException {
        Set<String> expressions = new TreeSet<>();
        JsonNode dashboard = JsonMapper.builder().build().readTree(resource("grafana-dashboard.json"));
        for (JsonNode expression : dashboard.findValues("expr")) {
            expressions.add(expression
                    .asString()
                    .replace("$__rate_interval", "4s")
                    .replace("$instance", ".*")
                    .replace("$type", ".*"));
        }
        Pattern rule = Pattern.compile("expr: (?:>-\\n)?(.*?)\\n +(?:for|labels):", Pattern.DOTALL);
        rule.matcher(rules()).results().forEach(found -> expressions.add(found.group(1)));
        return expressions;
    }

    /** The same rules for a test: minutes are seconds. */
    private static String shortened(String rules) {
        return rules.replaceAll("\\[\\d+m]", "[4s]").replaceAll("for: \\d+m", "for: 500ms");
    }

    private static String rules() throws IOException {
        return resource("prometheus-alerts.yml");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = WeirMetrics.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
