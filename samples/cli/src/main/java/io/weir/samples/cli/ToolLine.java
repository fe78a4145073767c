package io.weir.samples.cli;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.samples.cli.ticket.Destination;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line as the tool reads it: its commands, the kinds of its arguments, and what is said of a mistake. */
final class ToolLine {

    private static final String HELP = "help";

    private final Console console;
    private final WeirCommand weir = new WeirCommand();

    ToolLine(Console console) {
        this.console = console;
    }

    /** Runs what is asked for; its exit code. */
    int execute(String... typed) {
        String[] args = withoutHelpCommand(typed);
        Optional<ToolCommand> asked = ToolCommand.asked(args);
        boolean all = asked.filter(ToolCommand.COMPLETION::equals).isPresent();
        CommandLine line = new CommandLine(weir);
        for (ToolCommand command : ToolCommand.values()) {
            boolean whole = all || asked.filter(command::equals).isPresent();
            CommandLine added = whole ? command.whole(console) : command.listed();
            if (whole) {
                UsageLayout.apply(added.getCommandSpec());
            }
            line.addSubcommand(command.word(), added);
        }
        UsageLayout.apply(line.getCommandSpec());
        return prepared(line).execute(args);
    }

    /** Many tools have a command {@code help}: here it is the option, of the command behind it. */
    private static String[] withoutHelpCommand(String... typed) {
        if (typed.length == 0 || !typed[0].equals(HELP)) {
            return typed;
        }
        String[] behind = Arrays.copyOfRange(typed, 1, typed.length);
        if (behind.length > 0 && ToolCommand.asked(behind).isEmpty()) {
            return behind; // which says that there is no such command
        }
        String[] args = Arrays.copyOf(behind, typed.length);
        args[behind.length] = "--" + HELP;
        return args;
    }

    private CommandLine prepared(CommandLine line) {
        return line.setExpandAtFiles(false)
                .registerConverter(PeerAddress.class, new Kinds.OfAddress())
                .registerConverter(Destination.class, new Kinds.OfDestination())
                .registerConverter(PeerId.class, new Kinds.OfPeerId())
                .registerConverter(Path.class, new Kinds.OfPath())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(console.coloured() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true))
                .setParameterExceptionHandler(new OnUsage())
                .setExecutionExceptionHandler(new OnFailure());
    }

    /** Named, as {@link OnFailure} and {@link Kinds} are: lambdas of these interfaces keep them out of the archive of classes. */
    private final class OnUsage implements IParameterExceptionHandler {
        @Override
        public int handleParseException(ParameterException e, String[] args) {
            console.say("weir: " + Mistake.text(e));
            console.say("See " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return ExitCode.USAGE;
        }
    }

    private final class OnFailure implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception e, CommandLine line, ParseResult result) {
            CommandException explained = CommandException.of(e);
            if (!console.interrupted()) {
                console.say("weir: " + explained.getMessage());
            }
            if (weir.verbose()) {
                e.printStackTrace(console.err());
            }
            return explained.exitCode();
        }
    }
}
