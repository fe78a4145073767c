package io.weir.benchmarks.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.weir.benchmarks.measure.Figure;
import io.weir.benchmarks.measure.Percentiles;
import io.weir.benchmarks.measure.Ratios;
import io.weir.benchmarks.measure.Summary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run's results as JSON: the run, every window of every cell, the summaries, the ratios by round and the verdicts on
 * the targets.
 */
public final class JsonReport {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .build();

    private final Results results;

    private JsonReport(Results results) {
        this.results = results;
    }

    /** The document, ended by a line break. */
    public static String render(Results results) {
        JsonReport report = new JsonReport(results);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", results.run());
        document.put(
                "targets", Target.judge(results).stream().map(report::verdict).toList());
        document.put("cells", results.cells().stream().map(report::cell).toList());
        return MAPPER.writeValueAsString(document) + "\n";
    }

    private Map<String, Object> verdict(Target.Verdict verdict) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("target", verdict.target());
        fields.put("measured", verdict.measured());
        fields.put("met", verdict.met());
        verdict.ratios().ifPresent(ratios -> fields.put("noisy", isNoisy(ratios)));
        return fields;
    }

    private Map<String, Object> cell(CellResult cell) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("workload", cell.workload());
        fields.put("peer", cell.peer());
        if (cell.isMeasured()) {
            fields.put("detail", cell.detail());
            fields.put("ratios", ratios(cell));
            (cell.isTimed() ? requestSummaries(cell) : streamSummaries(cell)).forEach(fields::put);
            fields.put("idleShare", cell.extras().idleShare());
            cell.extras().systemCalls().ifPresent(calls -> fields.put("systemCalls", systemCalls(calls)));
            cell.extras().coldStart().ifPresent(cold -> fields.put("coldStart", coldStart(cold)));
            fields.put("windows", List.copyOf(cell.windows()));
        } else {
            fields.put("failure", cell.failure());
        }
        return fields;
    }

    private List<Map<String, Object>> ratios(CellResult cell) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Figure figure : Figure.values()) {
            results.ratios(figure, cell).ifPresent(ratios -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("figure", figure.id());
                fields.put("of", results.run().subject());
                fields.put("median", ratios.median());
                ratios.interval().ifPresent(interval -> {
                    fields.put("low", interval.low());
                    fields.put("high", interval.high());
                    fields.put("spread", ratios.spread());
                });
                fields.put("noisy", isNoisy(ratios));
                fields.put("rounds", ratios.byRound().size());
                fields.put("byRound", ratios.byRound());
                all.add(fields);
            });
        }
        return all;
    }

    private boolean isNoisy(Ratios ratios) {
        return results.run().rounds().isNoisy(ratios);
    }

    private static Map<String, Object> systemCalls(CountedCalls calls) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("tool", calls.tool());
        fields.put("senderPerMegabyte", calls.senderPerMegabyte());
        fields.put("receiverPerMegabyte", calls.receiverPerMegabyte());
        fields.put("senderPerElement", calls.senderPerElement());
        fields.put("receiverPerElement", calls.receiverPerElement());
        fields.put("counted", calls);
        return fields;
    }

    private static Map<String, Object> coldStart(ColdStart cold) {
        Map<String, Object> fields = new LinkedHashMap<>();
        double median = cold.seconds().median();
        if (Double.isFinite(median)) {
            fields.put("medianSeconds", median);
        }
        fields.put(
                "observations",
                cold.observations().stream().map(JsonReport::observation).toList());
        return fields;
    }

    private static Map<String, Object> observation(ColdStart.Observation observation) {
        Map<String, Object> fields = new LinkedHashMap<>();
        observation.seconds().ifPresent(seconds -> fields.put("seconds", seconds));
        fields.put("observedSeconds", observation.observedSeconds());
        fields.put("fullSpeed", observation.fullSpeed());
        fields.put("nanosAndCounts", observation.series().encode());
        return fields;
    }

    private static Map<String, Summary> requestSummaries(CellResult cell) {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        summaries.put("requestsPerSecond", cell.rate());
        summaries.put("latencyP50Nanos", cell.latencyNanos(Percentiles::p50Nanos));
        summaries.put("latencyP99Nanos", cell.latencyNanos(Percentiles::p99Nanos));
        summaries.put("latencyP999Nanos", cell.latencyNanos(Percentiles::p999Nanos));
        summaries.put("latencyMaxNanos", cell.latencyNanos(Percentiles::maxNanos));
        summaries.put("serverCpuNanosPerRequest", cell.senderCpuNanos());
        summaries.put("clientCpuNanosPerRequest", cell.receiverCpuNanos());
        summaries.put("serverAllocatedBytesPerRequest", cell.senderAllocatedBytes());
        summaries.put("clientAllocatedBytesPerRequest", cell.receiverAllocatedBytes());
        return summaries;
    }

    private static Map<String, Summary> streamSummaries(CellResult cell) {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        summaries.put("elementsPerSecond", cell.rate());
        summaries.put("bytesPerSecond", cell.bytesRate());
        summaries.put("senderCpuNanosPerElement", cell.senderCpuNanos());
        summaries.put("receiverCpuNanosPerElement", cell.receiverCpuNanos());
        summaries.put("senderAllocatedBytesPerElement", cell.senderAllocatedBytes());
        summaries.put("receiverAllocatedBytesPerElement", cell.receiverAllocatedBytes());
        return summaries;
    }
}
