package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Summary;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

    /** The subject's median of a figure divided by that of a cell of another peer, if the subject was measured too. */
    public Optional<Double> ratio(CellResult cell, Function<CellResult, Summary> figure) {
        return cell.peer().equals(SUBJECT)
                ? Optional.empty()
                : measured(cell.workload(), SUBJECT)
                        .map(subject -> figure.apply(subject).ratioTo(figure.apply(cell)));
    }

    /** Whether some cell has no figures. */
    public boolean anyFailed() {
        return cells.stream().anyMatch(cell -> !cell.isMeasured());
    }
}
