package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Figure;
import io.weir.benchmarks.measure.Ratios;
import java.util.List;
import java.util.Optional;

/**
 * Everything one run found.
 *
 * @param run how, where and with what it was measured
 * @param cells one for each workload and peer, in table order
 */
public record Results(RunInfo run, List<CellResult> cells) {
    public Results {
        cells = List.copyOf(cells);
    }

    /** The measured cell of that workload and peer, if there is one. */
    public Optional<CellResult> measured(String workload, String peer) {
        return cells.stream()
                .filter(cell -> cell.workload().equals(workload) && cell.peer().equals(peer) && cell.isMeasured())
                .findFirst();
    }

    /** One peer's figure divided by another's, round by round, if both were measured and have it. */
    public Optional<Ratios> ratios(Figure figure, String workload, String above, String below) {
        Optional<CellResult> divisor = measured(workload, below);
        return measured(workload, above)
                .filter(cell -> divisor.isPresent() && has(cell, figure) && has(divisor.get(), figure))
                .map(cell ->
                        Ratios.of(figure, cell.windows(), divisor.orElseThrow().windows()));
    }

    /** The subject's figure divided by that of a cell of another peer. */
    public Optional<Ratios> ratios(Figure figure, CellResult cell) {
        return cell.peer().equals(run.subject())
                ? Optional.empty()
                : ratios(figure, cell.workload(), run.subject(), cell.peer());
    }

    /** Whether some cell has no figures. */
    public boolean anyFailed() {
        return cells.stream().anyMatch(cell -> !cell.isMeasured());
    }

    private static boolean has(CellResult cell, Figure figure) {
        return cell.windows().stream().allMatch(figure::isIn);
    }
}
