package io.weir.benchmarks.load;

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
                        + " and go; cost, of an element by the number of streams and sessions.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class LoadCommand implements Callable<Integer> {

    private static final int CHURN_ROUNDS = 5;

    @Option(
            names = "--loads",
            split = ",",
            defaultValue = "C,O,churn,cost",
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
            description = "Milliseconds of a window of churn and cost (default: ${DEFAULT-VALUE}).")
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
}
