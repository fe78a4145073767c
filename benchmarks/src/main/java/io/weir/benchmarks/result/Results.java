package io.weir.benchmarks.result;

import java.util.List;
import java.util.Optional;

/**
 * Everything one run found.
 *
 * @param run how, where and with what it was measured
 * @param cells one for each workload and peer, in table order
 */
public record Results(RunInfo run, List<CellResult> cells) {
    /** The peer that all others are compared with. */
    public static final String SUBJECT = "weir";

    public Results {
        cells = List.copyOf(cells);
    }

    /** The measured cell of that workload and peer, if there is one. */
    public Optional<CellResult> measured(String workload, String peer) {
        return cells.stream()
                .filter(cell -> cell.workload().equals(workload) && cell.peer().equals(peer) && cell.isMeasured())
                .findFirst();
    }

    /** Whether some cell has no figures. */
    public boolean anyFailed() {
        return cells.stream().anyMatch(cell -> !cell.isMeasured());
    }
}
