package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Percentiles;
import io.weir.benchmarks.measure.Summary;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The table of a workload of requests. */
final class RequestTable {
    private final Results results;

    private RequestTable(Results results) {
        this.results = results;
    }

    /** A row for each cell, whose peers are compared with the subject of these results. */
    static Table of(Results results, List<CellResult> cells) {
        Table table = new Table(
                "peer",
                "k req/s:",
                "min:",
                "max:",
                Results.SUBJECT + " / peer:",
                "p50 us:",
                Results.SUBJECT + " / peer:",
                "p99 us:",
                Results.SUBJECT + " / peer:",
                "p99.9 us:",
                "CPU ns/req server:",
                "client:",
                "heap B/req server:",
                "client:");
        RequestTable rows = new RequestTable(results);
        cells.forEach(cell -> rows.add(cell, table));
        return table;
    }

    private void add(CellResult cell, Table table) {
        if (!cell.isTimed()) {
            table.row(cell.peer(), "failed", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-");
            return;
        }
        Summary rate = cell.rate();
        table.row(
                cell.peer(),
                Units.thousands(rate.median()),
                Units.thousands(rate.min()),
                Units.thousands(rate.max()),
                results.ratio(cell, CellResult::rate).map(Units::ratio).orElse("-"),
                micros(cell, Percentiles::p50Nanos),
                ratio(cell, Percentiles::p50Nanos),
                micros(cell, Percentiles::p99Nanos),
                ratio(cell, Percentiles::p99Nanos),
                micros(cell, Percentiles::p999Nanos),
                Units.small(cell.senderCpuNanos().median()),
                Units.small(cell.receiverCpuNanos().median()),
                Units.small(cell.senderAllocatedBytes().median()),
                Units.small(cell.receiverAllocatedBytes().median()));
    }

    private static String micros(CellResult cell, ToDoubleFunction<Percentiles> percentile) {
        return Units.micros(cell.latencyNanos(percentile).median());
    }

    private String ratio(CellResult cell, ToDoubleFunction<Percentiles> percentile) {
        return results.ratio(cell, other -> other.latencyNanos(percentile))
                .map(Units::ratio)
                .orElse("-");
    }
}
