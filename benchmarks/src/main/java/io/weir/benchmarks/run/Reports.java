package io.weir.benchmarks.run;

import io.weir.benchmarks.profile.FlightSummary;
import io.weir.benchmarks.result.CellResult;
import io.weir.benchmarks.result.JsonReport;
import io.weir.benchmarks.result.MarkdownReport;
import io.weir.benchmarks.result.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes what a run found: files, or summaries of its flight recordings. */
final class Reports {
    private static final int PROFILE_LINES = 25;

    private final PrintWriter out;

    Reports(PrintWriter out) {
        this.out = out;
    }

    /** Writes a page and a document of that name to a directory. */
    void write(Results results, Path directory, String name) throws IOException {
        Files.createDirectories(directory);
        Path page = directory.resolve(name + ".md");
        Files.writeString(page, new MarkdownReport(results).page());
        Files.writeString(directory.resolve(name + ".json"), JsonReport.render(results));
        out.println("report: " + page);
    }

    /** Prints the hottest frames and allocation sites of each side. */
    void profiles(Settings settings, Results results) throws IOException {
        for (CellResult cell : results.cells()) {
            for (String role : List.of("server", "client")) {
                Path recording = WorkloadRun.recording(settings, cell.workload(), cell.peer(), role);
                if (cell.isMeasured() && Files.exists(recording)) {
                    out.println("## " + cell.workload() + " " + cell.peer() + " " + role + ": " + recording + "\n");
                    out.println(FlightSummary.read(recording).render(PROFILE_LINES));
                }
            }
        }
    }
}
