package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.VoteCodec;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.integrity.IntegrityService;
import io.weir.samples.cli.exec.CommandHandler;
import io.weir.samples.cli.exec.ExecLimits;
import io.weir.samples.cli.exec.Program;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Answers requests by running a command. */
@Command(
        description = {
            "The first line on standard output is the address for weir request, with the real port and this end's id."
                    + " The command gets its arguments as they are, no shell reads them unless --shell asks for one, and"
                    + " finds who asks in $WEIR_PEER, what for in $WEIR_ROUTE.",
            "A command that ends with another status than 0 is answered APPLICATION_ERROR; one that runs too long is "
                    + "killed and answered REQUEST_TIMEOUT; one that writes too much is killed and answered "
                    + "PAYLOAD_TOO_LARGE. Up to 256 requests wait or run; further ones are answered BUSY. A request "
                    + "that is given up kills its command.",
            "With --root it also answers votes (weir vote) at its UDP port, of anybody, whoever is --allow'ed."
        },
        exitCodeList = {
            ExitCode.NOT_LISTENED_TEXT,
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.BROKEN_OFF_TEXT
        },
        footer = {
            "  weir serve --listen tcp://127.0.0.1:7400 --identity me.key --exec sort",
            "  weir serve --exec sort --port 7400 --host ::         TCP, UDP and QUIC, of the whole machine",
            "  weir serve --exec grep --allow <peer id> -- -i error",
            "  weir serve --route today --route now --shell --exec 'echo $WEIR_ROUTE is; date'"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ServeCommand implements Callable<Integer> {

    private static final Duration UNCHANGING = Duration.ofHours(1);

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @Option(
            names = "--exec",
            required = true,
            paramLabel = "CMD",
            description = "The program to run for each request: a path, or a name on the PATH.")
    private String exec;

    @Parameters(paramLabel = "ARG", description = "Arguments of the program; put -- before them.")
    private List<String> arguments = List.of();

    @Option(names = "--shell", description = "CMD is a script for /bin/sh, the arguments are its $1, $2 and so on.")
    private boolean shell;

    @Option(
            names = "--route",
            paramLabel = "NAME",
            defaultValue = "exec",
            description = "The route to answer; may be repeated. Without it: ${DEFAULT-VALUE}.")
    private List<String> routes;

    @Mixin
    private ListenOption listen;

    @Mixin
    private IdentityOption identity;

    @Mixin
    private AdmissionOption admission;

    @Mixin
    private AnnounceOption announce;

    @Mixin
    private StatsOption stats;

    @Mixin
    private RootsOption roots;

    @Mixin
    private JsonOption json;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many commands run at once, 1 to 256. Without it: ${DEFAULT-VALUE}.")
    private int processes;

    @Option(
            names = "--max-output",
            paramLabel = "BYTES",
            defaultValue = "1000000",
            description = "How much a command may write, 0 to 16,000,000. Without it: ${DEFAULT-VALUE}, which fits the "
                    + "window of 1 MiB that requesters have by default.")
    private int outputBytes;

    @Option(
            names = "--time-limit",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "How long a command may run, 1 to 3,600. Without it: ${DEFAULT-VALUE}.")
    private int seconds;

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Program program = shell ? Program.script(exec, arguments) : Program.of(exec, arguments);
        if (!program.exists()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there is no program '" + program.command().get(0) + "'" + hint());
        }
        routes.forEach(route -> RequestCommand.checkRoute(route, spec));
        CommandHandler handler = new CommandHandler(program, limits(), console::note);
        PeerNodeSpec node = stats.answer(listen.listen(Weir.node().identity(identity.load())))
                .admission(admission.toAdmission(console, stats.allowed()));
        Disposable.Swap voting = Disposables.swap();
        if (!roots.isEmpty()) {
            RootSet held = roots.load(spec);
            IntegrityService service = IntegrityService.refreshing(() -> held, UNCHANGING);
            voting.update(service);
            node = node.fastPath(VoteCodec.COMMAND, service);
        }
        for (String route : routes) {
            node = node.onRequest(route, handler);
        }
        try (handler;
                OpenNode open = OpenNode.startNow(node, console, weir.verbose(), handler::close)) {
            stats.started(open.node());
            announce.announce(open, console, json.wanted());
            console.say("answering " + String.join(", ", routes) + "; " + admission.describe());
            listen.hint(console);
            open.waitNow(open.node().onClose());
        } finally {
            voting.dispose();
        }
        return ExitCode.OK;
    }

    /** Whoever is used to a shell writes the arguments into the same word. */
    private String hint() {
        String[] words = exec.strip().split("\\s+", 2);
        return words.length < 2
                ? ""
                : "; arguments go behind it, --exec " + words[0] + " -- " + words[1] + ", or --shell reads them";
    }

    private ExecLimits limits() {
        try {
            return new ExecLimits(processes, outputBytes, Duration.ofSeconds(seconds));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
