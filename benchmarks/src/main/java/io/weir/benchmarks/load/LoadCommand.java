package io.weir.benchmarks.load;

import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.peer.Workloads;
import io.weir.benchmarks.result.Table;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Puts load on a node in another process, and prints what came of it as a table. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description =
                "What a node does under load: C, many sessions; O, ten times what it can do; churn, peers that come"
                        + " and go; cost, of an element by the number of streams and sessions; meters, what those of weir-metrics cost.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class LoadCommand implements Callable<Integer> {

    private static final int CHURN_ROUNDS = 5;
    private static final int MOST_PAIRS = 100;
    private static final int MOST_ROUNDS = 1_000;

    @Option(
            names = "--loads",
            split = ",",
            defaultValue = "C,O,churn,cost,meters",
            description = "Which (default: ${DEFAULT-VALUE}).")
    private List<String> loads = List.of();

    @Option(
            names = "--sessions",
            defaultValue = "10000",
            description = "Of C, or as many as the system allows files (default: ${DEFAULT-VALUE}).")
    private int sessions;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "Of C and of each half of O (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--window",
            defaultValue = "2000",
            description = "Milliseconds of a window of churn, cost and meters (default: ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--streams",
            split = ",",
            defaultValue = "1,10,100,1000,10000",
            description = "Of a session of cost, ascending (default: ${DEFAULT-VALUE}).")
    private List<Integer> streams = List.of();

    @Option(
            names = "--cost-sessions",
            split = ",",
            defaultValue = "1,10,100,1000",
            description = "Of cost, ascending (default: ${DEFAULT-VALUE}).")
    private List<Integer> costSessions = List.of();

    @Option(
            names = "--workloads",
            split = ",",
            defaultValue = "R256,S-1K",
            description = "Of meters (default: ${DEFAULT-VALUE}).")
    private List<String> workloads = List.of();

    @Option(
            names = "--pairs",
            defaultValue = "3",
            description = "Of meters: fresh pairs of processes, 1 to 100 (default: ${DEFAULT-VALUE}).")
    private int pairs;

    @Option(
            names = "--warm-up",
            defaultValue = "4",
            description = "Of meters: rounds before those that count, 0 to 1000 (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--rounds",
            defaultValue = "10",
            description = "Of meters: windows without and with, by each pair, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--check", description = "Ends with 3 if a target is missed.")
    private boolean check;

    @Spec
    private CommandSpec spec;

    /** The command. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new LoadCommand()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Map<String, Load> all = new LinkedHashMap<>();
        Duration time = Duration.ofSeconds(seconds);
        Duration windows = Duration.ofMillis(window);
        all.put("C", new ManySessions(sessions, time));
        all.put("O", new Overload(time));
        all.put("churn", new Churn(CHURN_ROUNDS, windows));
        all.put("cost", new Cost(streams, costSessions, windows));
        all.put("meters", meters(windows));
        PrintWriter out = spec.commandLine().getOut();
        Table table = new Table("load", "figure", "value:", "target:", "");
        boolean met = true;
        for (String name : loads) {
            Load load = all.get(name);
            if (load == null) {
                throw new ParameterException(
                        spec.commandLine(), "--loads = " + name + ", legal: " + String.join(", ", all.keySet()));
            }
            for (Finding finding : load.run()) {
                table.row(finding.load(), finding.figure(), finding.value(), finding.target(), finding.verdict());
                spec.commandLine().getErr().println(finding.load() + ": " + finding.figure() + ": " + finding.value());
                spec.commandLine().getErr().flush();
                met &= finding.met();
            }
        }
        out.printf(
                "JDK %s, %d processors, server and client processes over loopback%n%n%s",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), table.render());
        out.flush();
        return check && !met ? 3 : 0;
    }

    private Meters meters(Duration windows) {
        requireRange("--pairs", pairs, 1, MOST_PAIRS);
        requireRange("--warm-up", warmUp, 0, MOST_ROUNDS);
        requireRange("--rounds", rounds, 1, MOST_ROUNDS);
        return new Meters(compared(), pairs, warmUp, rounds, windows);
    }

    private List<Workload> compared() {
        List<Workload> compared;
        try {
            compared = Workloads.select(workloads);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--workloads: " + e.getMessage());
        }
        for (Workload workload : compared) {
            if (workload.link().isPresent()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--workloads = " + workload.id() + ", legal: those over the loopback interface as it is");
            }
        }
        return compared;
    }

    private void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " = " + value + ", legal: " + least + " to " + most);
        }
    }
}
