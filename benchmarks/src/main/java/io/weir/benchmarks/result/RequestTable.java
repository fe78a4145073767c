package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Figure;
import io.weir.benchmarks.measure.Percentiles;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The table of a workload of requests. */
final class RequestTable {
    private RequestTable() {}

    /** A row for each cell, whose peers are compared with the subject of these results. */
    static Table of(Results results, List<CellResult> cells) {
        Comparisons comparisons = new Comparisons(results);
        Table table = new Table(
                "peer",
                "k req/s:",
                comparisons.heading(Figure.RATE),
                "rounds:",
                "p50 us:",
                comparisons.heading(Figure.P50),
                "p99 us:",
                comparisons.heading(Figure.P99),
                "p99.9 us:",
                "CPU ns/req server:",
                "client:",
                comparisons.heading(Figure.CPU),
                "syscalls/req server + client:",
                "heap B/req server:",
                "client:",
                "CPU idle:");
        for (CellResult cell : cells) {
            if (!cell.isTimed()) {
                table.failed(cell.peer());
                continue;
            }
            table.row(
                    cell.peer(),
                    Units.thousands(cell.rate().median()),
                    comparisons.ratio(Figure.RATE, cell),
                    Integer.toString(cell.windows().size()),
                    micros(cell, Percentiles::p50Nanos),
                    comparisons.ratio(Figure.P50, cell),
                    micros(cell, Percentiles::p99Nanos),
                    comparisons.ratio(Figure.P99, cell),
                    micros(cell, Percentiles::p999Nanos),
                    Units.small(cell.senderCpuNanos().median()),
                    Units.small(cell.receiverCpuNanos().median()),
                    comparisons.ratio(Figure.CPU, cell),
                    Comparisons.callsPer(1, cell),
                    Units.small(cell.senderAllocatedBytes().median()),
                    Units.small(cell.receiverAllocatedBytes().median()),
                    Comparisons.idle(cell));
        }
        return table;
    }

    private static String micros(CellResult cell, ToDoubleFunction<Percentiles> percentile) {
        return Units.micros(cell.latencyNanos(percentile).median());
    }
}
