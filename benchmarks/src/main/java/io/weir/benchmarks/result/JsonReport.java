package io.weir.benchmarks.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.weir.benchmarks.measure.Percentiles;
import io.weir.benchmarks.measure.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A run's results as JSON: the run, every window of every cell, the summaries and the verdicts on the targets. */
public final class JsonReport {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .build();

    private JsonReport() {}

    /** The document, ended by a line break. */
    public static String render(Results results) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", results.run());
        document.put("targets", Target.judge(results));
        document.put("cells", results.cells().stream().map(JsonReport::cell).toList());
        return MAPPER.writeValueAsString(document) + "\n";
    }

    private static Map<String, Object> cell(CellResult cell) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("workload", cell.workload());
        fields.put("peer", cell.peer());
        if (cell.isMeasured()) {
            fields.put("detail", cell.detail());
            (cell.isTimed() ? requestSummaries(cell) : streamSummaries(cell)).forEach(fields::put);
            fields.put("windows", List.copyOf(cell.windows()));
        } else {
            fields.put("failure", cell.failure());
        }
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
