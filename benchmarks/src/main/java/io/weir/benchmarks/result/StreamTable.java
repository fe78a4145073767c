package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Summary;
import java.util.List;

/** The table of a workload of streams. */
final class StreamTable {
    private StreamTable() {}

    /** A row for each cell, whose peers are compared with the subject of these results. */
    static Table of(Results results, List<CellResult> cells) {
        Table table = new Table(
                "peer",
                "M el/s:",
                "min:",
                "max:",
                "MB/s:",
                Results.SUBJECT + " / peer:",
                "CPU ns/el send:",
                "recv:",
                "heap B/el send:",
                "recv:");
        for (CellResult cell : cells) {
            if (cell.isMeasured()) {
                Summary rate = cell.rate();
                table.row(
                        cell.peer(),
                        Units.millions(rate.median()),
                        Units.millions(rate.min()),
                        Units.millions(rate.max()),
                        Units.megabytes(cell.bytesRate().median()),
                        results.ratio(cell, CellResult::rate).map(Units::ratio).orElse("-"),
                        Units.small(cell.senderCpuNanos().median()),
                        Units.small(cell.receiverCpuNanos().median()),
                        Units.small(cell.senderAllocatedBytes().median()),
                        Units.small(cell.receiverAllocatedBytes().median()));
            } else {
                table.row(cell.peer(), "failed", "-", "-", "-", "-", "-", "-", "-", "-");
            }
        }
        return table;
    }
}
