package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Summary;
import java.util.List;
import java.util.Locale;

/** The table of a workload's cold starts. */
final class ColdTable {
    private ColdTable() {}

    /** A row for each cell that has cold starts. */
    static Table of(List<CellResult> cells) {
        Table table = new Table("peer", "s to 80 % of full speed:", "min:", "max:", "pairs:");
        for (CellResult cell : cells) {
            cell.extras().coldStart().ifPresent(cold -> {
                Summary seconds = cold.seconds();
                int observed = cold.observations().get(0).observedSeconds();
                table.row(
                        cell.peer(),
                        seconds(seconds.median(), observed),
                        seconds(seconds.min(), observed),
                        seconds(seconds.max(), observed),
                        Integer.toString(cold.observations().size()));
            });
        }
        return table;
    }

    private static String seconds(double value, int observed) {
        return Double.isInfinite(value) ? "> " + observed : String.format(Locale.ROOT, "%.2f", value);
    }
}
