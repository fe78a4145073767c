package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Percentiles;
import io.weir.benchmarks.measure.Window;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Results made by hand. */
final class ResultsFixture {
    private ResultsFixture() {}

    static Results of(int jdkFeature, CellResult... cells) {
        RunInfo run = new RunInfo(
                "2026-01-31T12:00:00Z",
                "0123456789ab",
                new RunInfo.Machine("Processor", 2, 1L << 34, "Linux 6"),
                jdkFeature + ".0.1 Vendor",
                jdkFeature,
                Map.of("reactor-core", "3.8.6"),
                List.of("-Xmx1g"),
                8,
                3,
                8,
                Map.of("weir", "Weir itself"));
        return new Results(run, List.of(cells));
    }

    static CellResult cell(String workload, String peer, double rate, double receiverAllocated) {
        return CellResult.measured(workload, peer, "", List.of(window(rate, receiverAllocated)));
    }

    static Window window(double rate, double receiverAllocated) {
        return new Window(
                8,
                rate,
                rate * 64,
                new Window.Cost(100, 40, 0),
                new Window.Cost(200, receiverAllocated, 0),
                Optional.empty());
    }

    /** A cell of requests whose latencies are p50, ten and a hundred times that, and a second. */
    static CellResult requests(String workload, String peer, double rate, double p50Nanos) {
        Window window = new Window(
                8,
                rate,
                rate * 64,
                new Window.Cost(100, 40, 0),
                new Window.Cost(200, 50, 0),
                Optional.of(new Percentiles(p50Nanos, 10 * p50Nanos, 100 * p50Nanos, 1e9)));
        return CellResult.measured(workload, peer, "", List.of(window));
    }
}
