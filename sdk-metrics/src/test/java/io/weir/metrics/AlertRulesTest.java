package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.core.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each alert rule by itself, with Prometheus' own tool for that: on what it fires, on what it does not, and when. */
class AlertRulesTest {

    private static final String RULES = "prometheus-alerts.yml";
    private static final String TESTS = "prometheus-alerts-test.yml";
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern FIRING = Pattern.compile("alertname: (\\w+)\\n +exp_alerts:\\n");
    private static final Pattern SERIES = Pattern.compile("- series: '(\\w+)\\{(.*)}'");
    private static final Pattern LABEL = Pattern.compile("(\\w+)(?:=|=~|!=|!~)\"([^\"]*)\"");
    private static final Set<String> OF_THE_SCRAPE = Set.of("job", "instance");
    private static final Set<String> OF_USERS = Set.of("type", "transport");

    private String rules = "";
    private String tests = "";

    @TempDir
    private Path directory;

    @BeforeEach
    void read() throws IOException {
        rules = resource(RULES);
        tests = resource(TESTS);
    }

    @Test
    void fireWhereTheyShouldAndNotBeforeTheirTimeNorBesideIt() throws Exception {
        assertThat(complaints(rules)).isEmpty();
    }

    @Test
    void areComplainedOfWhereTheyDoNotFire() throws Exception {
        String deaf =
                rules.replace("reason=~\"no_room|failed\"}[5m])) > 1", "reason=~\"no_room|failed\"}[5m])) > 1000");
        assertThat(deaf).isNotEqualTo(rules);

        assertThat(complaints(deaf)).contains("WeirDatagramsUnsent").doesNotContain("WeirBusy");
    }

    @Test
    void areAllSeenToFire() {
        assertThat(all(FIRING, tests)).containsExactlyInAnyOrderElementsOf(all(ALERT, rules));
    }

    @Test
    void areTriedOnMetersAsTheyAreAndTheirTags() {
        Map<String, WeirMeter> meters = Arrays.stream(WeirMeter.values())
                .flatMap(meter -> PrometheusNames.of(meter).stream().map(name -> Map.entry(name, meter)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        List<MatchResult> series = SERIES.matcher(tests).results().toList();
        assertThat(series).hasSizeGreaterThan(20);
        for (MatchResult one : series) {
            WeirMeter meter = meters.get(one.group(1));
            assertThat(meter).as(one.group(1)).isNotNull();
            Set<String> labels = all(LABEL, one.group(2));
            labels.removeAll(OF_THE_SCRAPE);
            assertThat(labels)
                    .as(one.group())
                    .containsExactlyInAnyOrderElementsOf(
                            meter.tags().stream().map(WeirTag::key).toList());
        }
    }

    /** A rule that asks for a value which no meter has is silent for ever. */
    @Test
    void askForValuesThatThereAre() {
        Map<String, WeirTag> tags =
                Arrays.stream(WeirTag.values()).collect(Collectors.toMap(WeirTag::key, Function.identity()));
        Set<String> outcomes =
                Arrays.stream(ErrorCode.values()).map(Outcomes::of).collect(Collectors.toSet());
        List<MatchResult> matchers = LABEL.matcher(rules + tests).results().toList();
        assertThat(matchers).hasSizeGreaterThan(50);
        for (MatchResult matcher : matchers) {
            String key = matcher.group(1);
            if (OF_THE_SCRAPE.contains(key) || OF_USERS.contains(key)) {
                continue;
            }
            WeirTag tag = tags.get(key);
            assertThat(tag).as(key).isNotNull();
            for (String value : matcher.group(2).split("\\|")) {
                if (tag == WeirTag.OUTCOME) {
                    assertThat(outcomes).contains(value);
                } else {
                    assertThat(tag.legal()).contains("`" + value + "`");
                }
            }
        }
    }

    /** What the tool has to say of these rules; empty if they do as the tests want. */
    private String complaints(String tried) throws IOException, InterruptedException {
        Path tool = PrometheusServer.installed("promtool");
        assumeTrue(tool != null, "there is no promtool on the path: apt-get install prometheus");
        Files.writeString(directory.resolve(RULES), tried);
        Path test = Files.writeString(directory.resolve(TESTS), tests);
        Process process = new ProcessBuilder(tool.toString(), "test", "rules", test.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : "promtool says: " + said;
    }

    private static Set<String> all(Pattern pattern, String text) {
        Collection<String> found =
                pattern.matcher(text).results().map(match -> match.group(1)).toList();
        return new TreeSet<>(found);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = WeirMetrics.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
