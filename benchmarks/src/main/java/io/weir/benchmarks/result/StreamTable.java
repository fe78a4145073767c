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
        Table table = new Table(
                "peer",
                "M el/s:",
                "MB/s:",
                comparisons.heading(Figure.RATE),
                "rounds:",
                "CPU ns/el send:",
                "recv:",
                comparisons.heading(Figure.CPU),
                "syscalls/MB send + recv:",
                "/1000 el:",
                "heap B/el send:",
                "recv:",
                "CPU idle:");
        for (CellResult cell : cells) {
            if (!cell.isMeasured()) {
                table.failed(cell.peer());
                continue;
            }
            table.row(
                    cell.peer(),
                    Units.millions(cell.rate().median()),
                    Units.megabytes(cell.bytesRate().median()),
                    comparisons.ratio(Figure.RATE, cell),
                    Integer.toString(cell.windows().size()),
                    Units.small(cell.senderCpuNanos().median()),
                    Units.small(cell.receiverCpuNanos().median()),
                    comparisons.ratio(Figure.CPU, cell),
                    Comparisons.callsPerMegabyte(cell),
                    Comparisons.callsPer(THOUSAND, cell),
                    Units.small(cell.senderAllocatedBytes().median()),
                    Units.small(cell.receiverAllocatedBytes().median()),
                    Comparisons.idle(cell));
        }
        return table;
    }
}
