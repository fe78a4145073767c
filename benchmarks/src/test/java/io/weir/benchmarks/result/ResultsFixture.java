package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Percentiles;
import io.weir.benchmarks.measure.StoppingRule;
import io.weir.benchmarks.measure.SystemCalls;
import io.weir.benchmarks.measure.Window;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Results made by hand. */
final class ResultsFixture {
    static final int ROUNDS = 6;

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
                new StoppingRule(ROUNDS, 40, 0.05),
                5,
                1,
                "weir",
                Map.of("weir", "Weir itself"));
        return new Results(run, List.of(cells));
    }

    /** A cell of a host that is steady. */
    static CellResult cell(String workload, String peer, double rate, double receiverAllocated) {
        return cell(workload, peer, Collections.nCopies(ROUNDS, window(rate, receiverAllocated)));
    }

    /** A cell with these rates, round by round. */
    static CellResult rounds(String workload, String peer, double... rates) {
        return cell(
                workload,
                peer,
                Arrays.stream(rates).mapToObj(rate -> window(rate, 0)).toList());
    }

    static Window window(double rate, double receiverAllocated) {
        return new Window(
                1,
                rate,
                rate * 64,
                new Window.Cost(100, 40, 0),
                new Window.Cost(200, receiverAllocated, 0),
                Optional.empty());
    }

    /** A cell of requests whose latencies are p50, ten and a hundred times that, and a second. */
    static CellResult requests(String workload, String peer, double rate, double p50Nanos) {
        Window window = new Window(
                1,
                rate,
                rate * 64,
                new Window.Cost(100, 40, 0),
                new Window.Cost(200, 50, 0),
                Optional.of(new Percentiles(p50Nanos, 10 * p50Nanos, 100 * p50Nanos, 1e9)));
        return cell(workload, peer, Collections.nCopies(ROUNDS, window));
    }

    /** The cell with 5 and 10 calls for each of 100 elements of 1,000 B, some idle time and that cold start. */
    static CellResult with(CellResult cell, String tool, ColdStart cold) {
        CountedCalls calls = new CountedCalls(
                tool, 100, 100_000, new SystemCalls(500, Map.of("writev", 450L)), new SystemCalls(1_000, Map.of()));
        return new CellResult(
                cell.workload(),
                cell.peer(),
                cell.detail(),
                cell.windows(),
                new CellResult.Extras(0.012, Optional.of(calls), cold.ifAny()),
                "");
    }

    private static CellResult cell(String workload, String peer, List<Window> windows) {
        return new CellResult(workload, peer, "", windows, CellResult.Extras.NONE, "");
    }
}
