package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Figure;
import java.util.List;

/** The table of a workload whose limit is what lies between the two sides: payload that came through. */
final class GoodputTable {
    private static final double BITS_PER_BYTE = 8;

    private GoodputTable() {}

    /** A row for each cell, whose peers are compared with the subject of these results. */
    static Table of(Results results, List<CellResult> cells) {
        Comparisons comparisons = new Comparisons(results);
        return new CellTable()
                .column("Mbit/s:", cell -> megabits(cell.bytesRate().median()))
                .column(
                        "least to most:",
                        cell -> megabits(cell.bytesRate().min()) + " to "
                                + megabits(cell.bytesRate().max()))
                .column(comparisons.heading(Figure.RATE), cell -> comparisons.ratio(Figure.RATE, cell))
                .column("rounds:", cell -> Integer.toString(cell.windows().size()))
                .column(
                        "CPU us/el send:",
                        cell -> Units.micros(cell.senderCpuNanos().median()))
                .column("recv:", cell -> Units.micros(cell.receiverCpuNanos().median()))
                .column("CPU idle:", Comparisons::idle)
                .of(cells, CellResult::isMeasured);
    }

    private static String megabits(double bytesPerSecond) {
        return Units.millions(bytesPerSecond * BITS_PER_BYTE);
    }
}
