package io.weir.benchmarks.run;

import io.weir.benchmarks.child.Peers;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.peer.Workloads;
import io.weir.benchmarks.result.CellResult;
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
        description = {
            "Measures Weir and its peers in the same run. All peers of a workload run at once, each as two processes over",
            "loopback, and take turns: a window each in every round, the others idle. What is compared are the ratios by",
            "round; rounds go on until the 95 %% confidence interval of each median ratio reaches at most --spread away."
        },
        footer = {
            "",
            "Workloads: S = S-64, S-1K, S-16K (one stream), F = F-1K (100 streams in one connection),",
            "R = R1, R256 (requests of 64 B with replies, 1 and 256 in flight in one connection).",
            "Exit status: 0 done, 1 a cell failed, 2 wrong options, 3 a required target missed (with --check).",
            "",
            "Examples:",
            "  benchmarks/run",
            "  benchmarks/run --workloads S-64 --peers weir,rsocket --spread 3",
            "  benchmarks/run --workloads S-1K --peers weir --build before=HEAD~20",
            "  benchmarks/run --workloads S-1K,R1 --peers weir,raw-tls --cold 5",
            "  benchmarks/run --workloads S-1K --profile"
        })
public final class RunCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int MISSED = 3;
    private static final int DEFAULT_MAX_ROUNDS = 40;

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
            description = "Peers, or tcp, udp, all (default tcp; with --profile weir).")
    private List<String> peerNames = List.of();

    @Option(
            names = "--build",
            paramLabel = "NAME=WHERE",
            description = "Another build of Weir as the peer weir@NAME: a commit, or a directory with a checkout. "
                    + "Repeatable.")
    private List<String> buildNames = List.of();

    @Option(
            names = "--subject",
            paramLabel = "PEER",
            description = "The peer that all others are compared with (default weir, or else the first).")
    private String subject = "";

    @Option(names = "--seconds", paramLabel = "N", description = "Length of a window (default ${DEFAULT-VALUE}).")
    private int seconds = 1;

    @Option(
            names = {"--rounds", "--windows"},
            paramLabel = "N",
            description = "Rounds there are at least; 6 are needed for an interval (default ${DEFAULT-VALUE}).")
    private int rounds = 10;

    @Option(
            names = "--max-rounds",
            paramLabel = "N",
            description = "Rounds after which what has not settled is 'noisy' (default 40, or --rounds if more).")
    private @Nullable Integer maxRounds;

    @Option(
            names = "--fresh",
            paramLabel = "N",
            description = "Rounds after which fresh processes take over (default ${DEFAULT-VALUE}).")
    private int pairRounds = 5;

    @Option(
            names = "--spread",
            paramLabel = "PERCENT",
            description = "Greatest spread of a ratio that is not noisy (default ${DEFAULT-VALUE}).")
    private double spread = 5;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Seconds of warm-up of each peer (default ${DEFAULT-VALUE}).")
    private int warmup = 10;

    @Option(
            names = "--cold",
            paramLabel = "N",
            description = "Also start N fresh pairs of each peer and tell when they reach 80 %% of full speed "
                    + "(default ${DEFAULT-VALUE}).")
    private int coldPairs;

    @Option(
            names = "--cold-seconds",
            paramLabel = "N",
            description = "How long each of them is observed (default ${DEFAULT-VALUE}).")
    private int coldSeconds = 10;

    @Option(names = "--jdk", paramLabel = "HOME", description = "JDK of all sides (default: the harness's own).")
    private @Nullable Path jdkHome;

    @Option(names = "--check", description = "Exit with status 3 if a required target is missed.")
    private boolean check;

    @Option(
            names = "--profile",
            description = "Record all sides with JFR and print the top frames and allocation sites; no report.")
    private boolean profile;

    @Option(names = "--output", paramLabel = "DIR", description = "Where the report goes (default benchmarks/results).")
    private @Nullable Path output;

    @Option(names = "--help", usageHelp = true, description = "Show this.")
    private boolean help;

    @Option(names = "--home", hidden = true)
    private Path home = Path.of("");

    @Option(names = "--commit", hidden = true)
    private String commit = "unknown";

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
        Plan plan;
        Settings settings;
        try {
            settings = settings(startedAt);
            plan = Plan.of(Workloads.select(workloadNames), candidates(), subject);
            Environment.requireMemory(plan.mostProcesses() + (coldPairs > 0 ? 2 : 0));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandSpec().commandLine(), e.getMessage(), e);
        }
        Files.createDirectories(settings.logs());
        Results results = new Results(describe(settings, plan, startedAt), measure(settings, plan));
        out().println(new MarkdownReport(results).tables());
        Reports reports = new Reports(out());
        if (profile) {
            reports.profiles(settings, results);
        } else {
            reports.write(
                    results,
                    output == null ? home.resolve("results") : output,
                    stamp(startedAt) + "-jdk" + results.run().jdkFeature());
        }
        out().flush();
        return status(results);
    }

    private Settings settings(Instant startedAt) {
        int most = maxRounds == null ? Math.max(DEFAULT_MAX_ROUNDS, rounds) : maxRounds;
        return new Settings(
                jdkHome == null ? Jdk.current() : Jdk.at(jdkHome),
                warmup,
                seconds,
                Settings.rule(rounds, most, spread),
                pairRounds,
                new Settings.Cold(coldPairs, coldSeconds),
                profile,
                home.toAbsolutePath().resolve(Path.of("target", "run", stamp(startedAt))));
    }

    private List<Candidate> candidates() throws IOException, InterruptedException {
        List<String> peers = Peers.select(peerNames.isEmpty() ? List.of(profile ? "weir" : Peers.TCP) : peerNames);
        List<BuildOption> options = buildNames.stream().map(BuildOption::parse).toList();
        Builds builds = new Builds(home, this::say);
        List<Candidate> built = new ArrayList<>();
        for (BuildOption option : options) {
            built.add(builds.candidate(option));
        }
        return Plan.merge(peers.stream().map(Candidate::of).toList(), built);
    }

    private List<CellResult> measure(Settings settings, Plan plan) throws InterruptedException {
        List<CellResult> cells = new ArrayList<>();
        for (Map.Entry<Workload, List<Candidate>> entry : plan.candidates().entrySet()) {
            say(entry.getKey().id() + ": "
                    + String.join(
                            ", ", entry.getValue().stream().map(Candidate::id).toList()));
            try (WorkloadRun run =
                    new WorkloadRun(settings, entry.getKey(), entry.getValue(), plan.subject(), this::say)) {
                cells.addAll(run.measure());
            }
        }
        say("");
        return cells;
    }

    private RunInfo describe(Settings settings, Plan plan, Instant startedAt) {
        Map<String, String> descriptions = new LinkedHashMap<>();
        plan.candidates()
                .values()
                .forEach(all ->
                        all.forEach(candidate -> descriptions.putIfAbsent(candidate.id(), candidate.description())));
        return new RunInfo(
                startedAt.toString(),
                commit,
                Environment.machine(),
                settings.jdk().version(),
                settings.jdk().feature(),
                Environment.versions(System.getProperty("java.class.path")),
                settings.jvmOptions(),
                settings.warmupSeconds(),
                settings.rule(),
                settings.pairRounds(),
                settings.windowSeconds(),
                plan.subject(),
                descriptions);
    }

    private int status(Results results) {
        if (results.anyFailed()) {
            return FAILED;
        }
        boolean missed = Target.judge(results).stream()
                .anyMatch(verdict -> verdict.target().level() == Target.Level.REQUIRED && !verdict.met());
        return check && missed ? MISSED : 0;
    }

    private void say(String line) {
        out().println(line);
        out().flush();
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
