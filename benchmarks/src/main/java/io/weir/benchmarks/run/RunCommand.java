package io.weir.benchmarks.run;

import io.weir.benchmarks.child.Peers;
import io.weir.benchmarks.measure.Percentiles;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.peer.Workloads;
import io.weir.benchmarks.profile.FlightSummary;
import io.weir.benchmarks.result.CellResult;
import io.weir.benchmarks.result.JsonReport;
import io.weir.benchmarks.result.MarkdownReport;
import io.weir.benchmarks.result.Results;
import io.weir.benchmarks.result.RunInfo;
import io.weir.benchmarks.result.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code benchmarks/run}. */
@Command(
        name = "benchmarks/run",
        sortOptions = false,
        description = "Measures Weir and its peers in the same run: two processes over loopback, median of windows.",
        footer = {
            "",
            "Workloads: S = S-64, S-1K, S-16K (one stream), F = F-1K (100 streams in one connection),",
            "R = R1, R256 (requests of 64 B with replies, 1 and 256 in flight in one connection).",
            "Exit status: 0 done, 1 a cell failed, 2 wrong options, 3 a required target missed (with --check).",
            "",
            "Examples:",
            "  benchmarks/run",
            "  benchmarks/run --workloads S-64 --peers weir,rsocket --seconds 2",
            "  benchmarks/run --workloads R1,R256 --windows 3 --seconds 3",
            "  benchmarks/run --workloads S-1K --profile"
        })
public final class RunCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int MISSED = 3;
    private static final int PROFILE_LINES = 25;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--workloads",
            split = ",",
            paramLabel = "NAME",
            description = "Workloads or groups (default S,F,R).")
    private List<String> workloadNames = List.of("S", "F", "R");

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "NAME",
            description = "Peers, or all (default all; with --profile weir).")
    private List<String> peerNames = List.of();

    @Option(names = "--seconds", paramLabel = "N", description = "Length of a window (default ${DEFAULT-VALUE}).")
    private int seconds = 8;

    @Option(names = "--windows", paramLabel = "N", description = "Windows, at least 3 (default ${DEFAULT-VALUE}).")
    private int windows = 3;

    @Option(names = "--warmup", paramLabel = "N", description = "Seconds of warm-up (default ${DEFAULT-VALUE}).")
    private int warmup = 10;

    @Option(names = "--jdk", paramLabel = "HOME", description = "JDK of both sides (default: the harness's own).")
    private @Nullable Path jdkHome;

    @Option(names = "--check", description = "Exit with status 3 if a required target is missed.")
    private boolean check;

    @Option(
            names = "--profile",
            description = "Record both sides with JFR and print the top frames and allocation sites; no report.")
    private boolean profile;

    @Option(names = "--output", paramLabel = "DIR", description = "Where the report goes (default benchmarks/results).")
    private @Nullable Path output;

    @Option(names = "--help", usageHelp = true, description = "Show this.")
    private boolean help;

    @Option(names = "--home", hidden = true)
    private Path home = Path.of("");

    @Option(names = "--commit", hidden = true)
    private String commit = "unknown";

    /** A cell to be measured. */
    private record Planned(Workload workload, String peer) {}

    /** Runs the command and exits with its status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command with its options, ready to parse. */
    static CommandLine commandLine() {
        return new CommandLine(new RunCommand()).setParameterExceptionHandler((error, args) -> {
            CommandLine command = error.getCommandLine();
            command.getErr().println(error.getMessage());
            command.getErr().println("See benchmarks/run --help.");
            command.getErr().flush();
            return command.getCommandSpec().exitCodeOnInvalidInput();
        });
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<Planned> plan;
        Settings settings;
        try {
            List<String> peers =
                    Peers.select(peerNames.isEmpty() ? List.of(profile ? Results.SUBJECT : "all") : peerNames);
            plan = plan(Workloads.select(workloadNames), peers);
            Jdk jdk = jdkHome == null ? Jdk.current() : Jdk.at(jdkHome);
            settings = new Settings(
                    warmup,
                    windows,
                    seconds,
                    jdk,
                    profile,
                    home.toAbsolutePath().resolve(Path.of("target", "run", stamp(startedAt))));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandSpec().commandLine(), e.getMessage(), e);
        }
        Files.createDirectories(settings.logs());
        Results results = new Results(describe(settings, plan, startedAt), measure(settings, plan));
        out().println(new MarkdownReport(results).tables());
        if (profile) {
            profiles(settings, results);
        } else {
            write(results, startedAt);
        }
        out().flush();
        return status(results);
    }

    /** Every workload with every peer that runs it. */
    private static List<Planned> plan(List<Workload> workloads, List<String> peers) {
        List<Planned> plan = workloads.stream()
                .flatMap(workload -> peers.stream()
                        .filter(peer -> Peers.byId(peer).runs(workload))
                        .map(peer -> new Planned(workload, peer)))
                .toList();
        if (plan.isEmpty()) {
            throw new IllegalArgumentException("no peer of " + peers + " runs a workload of "
                    + workloads.stream().map(Workload::id).toList());
        }
        return plan;
    }

    private List<CellResult> measure(Settings settings, List<Planned> plan) throws InterruptedException {
        List<CellResult> cells = new ArrayList<>();
        for (Planned next : plan) {
            Workload workload = next.workload();
            out().printf(Locale.ROOT, "[%d/%d] %s %s ... ", cells.size() + 1, plan.size(), workload.id(), next.peer());
            out().flush();
            CellResult cell = Cell.run(settings, workload, next.peer());
            out().println(cell.isMeasured() ? progress(workload, cell) : "failed: " + cell.failure());
            out().flush();
            cells.add(cell);
        }
        out().println();
        return cells;
    }

    private static String progress(Workload workload, CellResult cell) {
        String rate = String.format(Locale.ROOT, "%.3f M %s/s, ", cell.rate().median() / 1e6, workload.unit());
        return cell.isTimed()
                ? rate
                        + String.format(
                                Locale.ROOT,
                                "p50 %.1f us, p99 %.1f us",
                                cell.latencyNanos(Percentiles::p50Nanos).median() / 1e3,
                                cell.latencyNanos(Percentiles::p99Nanos).median() / 1e3)
                : rate
                        + String.format(
                                Locale.ROOT, "%.0f MB/s", cell.bytesRate().median() / 1e6);
    }

    private RunInfo describe(Settings settings, List<Planned> plan, Instant startedAt) {
        Map<String, String> descriptions = new LinkedHashMap<>();
        plan.forEach(next -> descriptions.computeIfAbsent(
                next.peer(), peer -> Peers.byId(peer).description()));
        return new RunInfo(
                startedAt.toString(),
                commit,
                Environment.machine(),
                settings.jdk().version(),
                settings.jdk().feature(),
                Environment.versions(System.getProperty("java.class.path")),
                settings.jvmOptions(),
                settings.warmupSeconds(),
                settings.windows(),
                settings.windowSeconds(),
                descriptions);
    }

    private void write(Results results, Instant startedAt) throws IOException {
        Path directory = output == null ? home.resolve("results") : output;
        Files.createDirectories(directory);
        String name = stamp(startedAt) + "-jdk" + results.run().jdkFeature();
        Path page = directory.resolve(name + ".md");
        Files.writeString(page, new MarkdownReport(results).page());
        Files.writeString(directory.resolve(name + ".json"), JsonReport.render(results));
        out().println("report: " + page);
    }

    private void profiles(Settings settings, Results results) throws IOException {
        for (CellResult cell : results.cells()) {
            for (String role : List.of("server", "client")) {
                Path recording = Cell.recording(settings, Workloads.byId(cell.workload()), cell.peer(), role);
                if (cell.isMeasured() && Files.exists(recording)) {
                    out().println("## " + cell.workload() + " " + cell.peer() + " " + role + ": " + recording + "\n");
                    out().println(FlightSummary.read(recording).render(PROFILE_LINES));
                }
            }
        }
    }

    private int status(Results results) {
        if (results.anyFailed()) {
            return FAILED;
        }
        boolean missed = Target.judge(results).stream()
                .anyMatch(verdict -> verdict.target().level() == Target.Level.REQUIRED && !verdict.met());
        return check && missed ? MISSED : 0;
    }

    private PrintWriter out() {
        return commandSpec().commandLine().getOut();
    }

    private CommandSpec commandSpec() {
        if (spec == null) {
            throw new IllegalStateException("not started through its command line");
        }
        return spec;
    }

    /** {@code 2026-01-31T12:00:00Z} as {@code 20260131T120000Z}, which is fit for a file name. */
    private static String stamp(Instant instant) {
        return instant.toString().replace("-", "").replace(":", "");
    }
}
