package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.weir.Weir;
import io.weir.metrics.observation.WeirObservation;
import io.weir.metrics.observation.WeirObservations;
import io.weir.reactive.PeerNodeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of docs-site/metrics.md, as the enums have them, and its Java snippets, word for word. */
final class MetricsPageTest {

    private static final Pattern CONSTANT = Pattern.compile("\\b[A-Z]{4,}(_[A-Z]+)*\\b");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final ObservationRegistry observations = ObservationRegistry.create();

    @Test
    void first() {
        WeirMetrics metrics = WeirMetrics.in(registry);
        PeerNodeSpec observed = Weir.node().observer(metrics.observer());
        assertThat(observed).isNotNull();
    }

    @Test
    void traces() {
        PeerNodeSpec traced = WeirObservations.of(observations).observe(Weir.node());
        assertThat(traced).isNotNull();
    }

    @Test
    void types() {
        MeterOptions options =
                MeterOptions.defaults().withTypes(name -> name.startsWith("quotes/") ? "quotes" : null); // null: other
        assertThat(new Types(options.types()).of("quotes/A")).isEqualTo("quotes");
        assertThat(new Types(options.types()).of("a")).isEqualTo("other");
    }

    @Test
    void tableOfTagsIsThatOfTheEnum() throws IOException {
        assertTable(
                "tags",
                Stream.concat(
                        Stream.of("| tag | values |", "|---|---|"),
                        Arrays.stream(WeirTag.values()).map(tag -> "| `" + tag.key() + "` | " + tag.legal() + " |")));
    }

    @Test
    void tableOfMetersIsThatOfTheEnum() throws IOException {
        assertTable("meters", meters());
    }

    @Test
    void tableOfObservationsIsThatOfTheEnum() throws IOException {
        assertTable(
                "observations",
                Stream.concat(
                        Stream.of("| observation | spans |", "|---|---|"),
                        Arrays.stream(WeirObservation.values())
                                .map(what -> "| `" + what.observationName() + "` | " + what.span() + " |")));
    }

    private static Stream<String> meters() {
        return Stream.concat(
                Stream.of("| meter | tags | counts when, or tells | not | read against |", "|---|---|---|---|---|"),
                Arrays.stream(WeirMeter.values()).map(MetricsPageTest::row));
    }

    private static String row(WeirMeter meter) {
        String tags = meter.tags().stream().map(tag -> "`" + tag.key() + "`").collect(Collectors.joining(", "));
        return "| `" + meter.meterName() + "`, " + kind(meter) + " | " + tags + " | " + meter.counts() + " | "
                + named(meter.leavesOut()) + " | " + named(meter.against()) + " |";
    }

    private static String kind(WeirMeter meter) {
        String kind = meter.type().name().toLowerCase(Locale.ROOT);
        return meter.type() == Meter.Type.TIMER || meter.unit() == null ? kind : kind + " of " + meter.unit();
    }

    /** Meters by their names in place of their constants. */
    private static String named(String text) {
        return CONSTANT.matcher(text)
                .replaceAll(found -> Arrays.stream(WeirMeter.values())
                        .filter(meter -> meter.name().equals(found.group()))
                        .map(meter -> "`" + meter.meterName() + "`")
                        .findAny()
                        .orElse(found.group())); // QUIC is none
    }

    private static void assertTable(String name, Stream<String> expected) throws IOException {
        List<String> printed = Files.readAllLines(page()).stream()
                .dropWhile(line -> !line.equals("<!-- " + name + " -->"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(String.join("\n", printed))
                .as("the table '" + name + "' of docs-site/metrics.md")
                .isEqualTo(expected.collect(Collectors.joining("\n")));
    }

    /** The page, from the module's directory or the project's, whichever the tests run in. */
    private static Path page() {
        Path here = Path.of("").toAbsolutePath();
        Path beside = here.resolve("docs-site/metrics.md");
        return Files.exists(beside) ? beside : here.resolveSibling("docs-site").resolve("metrics.md");
    }
}
