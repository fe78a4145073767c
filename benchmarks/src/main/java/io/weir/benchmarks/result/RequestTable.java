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
        return new CellTable()
                .column("k req/s:", cell -> Units.thousands(cell.rate().median()))
                .column(comparisons.heading(Figure.RATE), cell -> comparisons.ratio(Figure.RATE, cell))
                .column("rounds:", cell -> Integer.toString(cell.windows().size()))
                .column("p50 us:", cell -> micros(cell, Percentiles::p50Nanos))
                .column(comparisons.heading(Figure.P50), cell -> comparisons.ratio(Figure.P50, cell))
                .column("p99 us:", cell -> micros(cell, Percentiles::p99Nanos))
                .column(comparisons.heading(Figure.P99), cell -> comparisons.ratio(Figure.P99, cell))
                .column("p99.9 us:", cell -> micros(cell, Percentiles::p999Nanos))
                .column(
                        "CPU ns/req server:",
                        cell -> Units.small(cell.senderCpuNanos().median()))
                .column("client:", cell -> Units.small(cell.receiverCpuNanos().median()))
                .column(comparisons.heading(Figure.CPU), cell -> comparisons.ratio(Figure.CPU, cell))
                .column("syscalls/req server + client:", cell -> Comparisons.callsPer(1, cell))
                .column(
                        "heap B/req server:",
                        cell -> Units.small(cell.senderAllocatedBytes().median()))
                .column(
                        "client:",
                        cell -> Units.small(cell.receiverAllocatedBytes().median()))
                .column("CPU idle:", Comparisons::idle)
                .of(cells, CellResult::isTimed);
    }

    private static String micros(CellResult cell, ToDoubleFunction<Percentiles> percentile) {
        return Units.micros(cell.latencyNanos(percentile).median());
    }
}
