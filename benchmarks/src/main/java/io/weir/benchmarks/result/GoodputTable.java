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
        Table table = new Table(
                "peer",
                "Mbit/s:",
                "least to most:",
                comparisons.heading(Figure.RATE),
                "rounds:",
                "CPU us/el send:",
                "recv:",
                "CPU idle:");
        for (CellResult cell : cells) {
            if (!cell.isMeasured()) {
                table.failed(cell.peer());
                continue;
            }
            table.row(
                    cell.peer(),
                    megabits(cell.bytesRate().median()),
                    megabits(cell.bytesRate().min()) + " to "
                            + megabits(cell.bytesRate().max()),
                    comparisons.ratio(Figure.RATE, cell),
                    Integer.toString(cell.windows().size()),
                    Units.micros(cell.senderCpuNanos().median()),
                    Units.micros(cell.receiverCpuNanos().median()),
                    Comparisons.idle(cell));
        }
        return table;
    }

    private static String megabits(double bytesPerSecond) {
        return Units.millions(bytesPerSecond * BITS_PER_BYTE);
    }
}
