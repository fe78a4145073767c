package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Figure;
import java.util.List;

/** The table of a workload of streams. */
final class StreamTable {
    private static final int THOUSAND = 1000;

    private StreamTable() {}

    /** A row for each cell, whose peers are compared with the subject of these results. */
    static Table of(Results results, List<CellResult> cells) {
        Comparisons comparisons = new Comparisons(results);
        return new CellTable()
                .column("M el/s:", cell -> Units.millions(cell.rate().median()))
                .column("MB/s:", cell -> Units.megabytes(cell.bytesRate().median()))
                .column(comparisons.heading(Figure.RATE), cell -> comparisons.ratio(Figure.RATE, cell))
                .column("rounds:", cell -> Integer.toString(cell.windows().size()))
                .column(
                        "CPU ns/el send:",
                        cell -> Units.small(cell.senderCpuNanos().median()))
                .column("recv:", cell -> Units.small(cell.receiverCpuNanos().median()))
                .column(comparisons.heading(Figure.CPU), cell -> comparisons.ratio(Figure.CPU, cell))
                .column("syscalls/MB send + recv:", Comparisons::callsPerMegabyte)
                .column("/1000 el:", cell -> Comparisons.callsPer(THOUSAND, cell))
                .column(
                        "heap B/el send:",
                        cell -> Units.small(cell.senderAllocatedBytes().median()))
                .column(
                        "recv:",
                        cell -> Units.small(cell.receiverAllocatedBytes().median()))
                .column("CPU idle:", Comparisons::idle)
                .of(cells, CellResult::isMeasured);
    }
}
