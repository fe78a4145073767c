package io.weir.samples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The tool without a command: says how it is used. */
@Command(
        name = "weir",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it failed; the reason is on standard error",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.NOT_TRUSTED_TEXT
        },
        versionProvider = Version.class,
        description =
                "Files, pipes and requests between two processes: encrypted, both ends proved, as fast as the slower one "
                        + "takes.",
        footer = {
            "  weir keygen me.key                                   make an identity",
            "  weir receive inbox --listen tcp://127.0.0.1:7400 --identity me.key",
            "  weir send film.mkv 'tcp://127.0.0.1:7400#<peer id>'  the address that receive printed",
            "  weir receive inbox --listen udp://127.0.0.1:7400     the same over UDP; or quic://",
            "  weir serve --listen tcp://127.0.0.1:7401 --exec sort",
            "  weir request 'tcp://127.0.0.1:7401#<peer id>' exec - < report.txt",
            "  weir peers --add 'tcp://127.0.0.1:7401#<peer id>'    stay connected, and see how",
            "  weir demo                                            both ends in one process",
            "  weir cheat                                           what to type for what, on one page",
            "  weir help send                                       all about one command"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class WeirCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show what the node does, and the stack trace of a failure.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version, the JDK, the transports and whose cipher seals records.")
    private boolean version;

    boolean verbose() {
        return verbose;
    }

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        line.usage(line.getErr(), line.getColorScheme());
        return ExitCode.USAGE;
    }
}
