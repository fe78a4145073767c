package io.weir.benchmarks.result;

import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.peer.Workloads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A run's results as a Markdown page: targets, one table for each workload, and how it was measured. */
public final class MarkdownReport {
    private final Results results;

    /** A report of these results. */
    public MarkdownReport(Results results) {
        this.results = results;
    }

    /** The whole page. */
    public String page() {
        return "# Benchmark results\n\n"
                + "Commit " + results.run().commit() + ", " + results.run().startedAt() + ", JDK "
                + results.run().jdk() + ".\n\n"
                + tables()
                + measuredHow();
    }

    /** Targets and workloads only, for a terminal. */
    public String tables() {
        StringBuilder out = new StringBuilder();
        String targets = targets();
        if (!targets.isEmpty()) {
            out.append("## Targets\n\n").append(targets).append('\n');
        }
        byWorkload()
                .forEach((id, cells) -> out.append(workload(Workloads.byId(id), cells))
                        .append(notes(cells))
                        .append('\n'));
        return out.toString();
    }

    private String workload(Workload workload, List<CellResult> cells) {
        Table table = workload instanceof RequestWorkload
                ? RequestTable.of(results, cells)
                : workload.link().isPresent() ? GoodputTable.of(results, cells) : StreamTable.of(results, cells);
        Table cold = ColdTable.of(cells);
        return "## " + workload.id() + ": " + workload.title() + "\n\n" + table.render()
                + (cold.isEmpty() ? "" : "\nFrom a cold start:\n\n" + cold.render());
    }

    private Map<String, List<CellResult>> byWorkload() {
        return results.cells().stream()
                .collect(Collectors.groupingBy(CellResult::workload, LinkedHashMap::new, Collectors.toList()));
    }

    private String targets() {
        Table table = new Table("workload", "target", "level", "measured:", "verdict");
        for (Target.Verdict verdict : Target.judge(results)) {
            Target target = verdict.target();
            table.row(
                    target.workload(),
                    target.text(),
                    target.level().name().toLowerCase(Locale.ROOT),
                    switch (target.quantity()) {
                        case RATIO, P50_RATIO, P99_RATIO ->
                            verdict.ratios().map(new Comparisons(results)::text).orElse("-");
                        case RATE -> Units.rate(verdict.measured(), Workloads.byId(target.workload()));
                        case RECEIVER_ALLOCATION, ALLOCATION -> Units.small(verdict.measured()) + " B";
                    },
                    verdict.met() ? "met" : "missed");
        }
        return table.isEmpty() ? "" : table.render();
    }

    private static String notes(List<CellResult> cells) {
        List<String> notes = new ArrayList<>();
        for (CellResult cell : cells) {
            if (!cell.isMeasured()) {
                notes.add("- " + cell.peer() + " failed: " + cell.failure() + "\n");
            }
        }
        return notes.isEmpty() ? "" : "\n" + String.join("", notes);
    }

    private String measuredHow() {
        RunInfo run = results.run();
        StringBuilder out = new StringBuilder("## How it was measured\n\n");
        out.append(method());
        Table environment = new Table("what", "value");
        environment.row("processor", run.machine().cpu() + ", " + run.machine().cores() + " cores");
        environment.row(
                "memory", String.format(Locale.ROOT, "%.1f GiB", run.machine().memoryBytes() / (double) (1L << 30)));
        environment.row("kernel", run.machine().kernel());
        environment.row("JDK", run.jdk());
        run.versions().forEach(environment::row);
        out.append(environment.render()).append('\n');
        run.peers()
                .forEach((peer, description) -> out.append("- `")
                        .append(peer)
                        .append("`: ")
                        .append(description)
                        .append(negotiated(peer))
                        .append(".\n"));
        return out.toString();
    }

    private String method() {
        RunInfo run = results.run();
        return String.format(
                Locale.ROOT,
                """
                Each peer is two processes on one machine, over loopback, with options `%s`. All peers of a workload run at
                once and take turns: after %d s of warm-up each, every round measures each of them for %d s while the others
                idle; after %d rounds fresh processes take over. A ratio is the median of the ratios by round, `%s` over the peer; behind `±` is how far the 95 %%
                confidence interval of that median reaches (order statistics), and 'noisy' what is above %.1f %% after %d
                rounds at most, %d at least. Other figures are medians of the windows. Rates are taken at the receiver; CPU is
                process time of all threads; heap is what all threads allocated but the one that samples; system calls are all
                of a process, counted in a window of their own. Latency is the time from handing a request over to the arrival
                of its reply, with the next request going out on each reply. CPU idle is what both processes used of one
                processor while they were paused.

                """,
                String.join(" ", run.jvmOptions()),
                run.warmupSeconds(),
                run.windowSeconds(),
                run.pairRounds(),
                run.subject(),
                run.rounds().spread() * 100,
                run.rounds().maxRounds(),
                run.rounds().minRounds());
    }

    private String negotiated(String peer) {
        return results.cells().stream()
                .filter(cell -> cell.peer().equals(peer) && !cell.detail().isEmpty())
                .map(cell -> " (" + cell.detail() + ")")
                .findFirst()
                .orElse("");
    }
}
