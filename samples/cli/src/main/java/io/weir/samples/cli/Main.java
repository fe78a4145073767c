package io.weir.samples.cli;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.samples.cli.ticket.Destination;
import io.weir.samples.cli.ticket.Ticket;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Starts the tool. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(Console.ofProcess(), args));
    }

    /** Runs one command; its exit code. */
    static int run(Console console, String... args) {
        int exitCode = commandLine(console).execute(args);
        if (exitCode == ExitCode.OK) {
            exitCode = checkWritten(console);
        }
        console.finish();
        return exitCode;
    }

    private static CommandLine commandLine(Console console) {
        WeirCommand weir = new WeirCommand();
        return new CommandLine(weir)
                .addSubcommand(new KeygenCommand(console))
                .addSubcommand(new IdCommand(console))
                .addSubcommand(new TicketCommand(console))
                .addSubcommand(new ReceiveCommand(console))
                .addSubcommand(new SendCommand(console))
                .addSubcommand(new PipeCommand(console))
                .addSubcommand(new ForwardCommand(console))
                .addSubcommand(new PingCommand(console))
                .addSubcommand(new BenchCommand(console))
                .addSubcommand(new PeersCommand(console))
                .addSubcommand(new RequestCommand(console))
                .addSubcommand(new ServeCommand(console))
                .addSubcommand(new VoteCommand(console))
                .addSubcommand(new StatsCommand(console))
                .addSubcommand(new DemoCommand(console))
                .addSubcommand(new CheatCommand(console))
                .addSubcommand(new CompletionCommand(console))
                .registerConverter(PeerAddress.class, Main::parseAddress)
                .registerConverter(Destination.class, Main::parseDestination)
                .registerConverter(PeerId.class, Main::parsePeerId)
                .registerConverter(Path.class, Main::parsePath)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(console.coloured() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true))
                .setParameterExceptionHandler((e, args) -> onUsage(e, console))
                .setExecutionExceptionHandler((e, line, result) -> onFailure(e, console, weir.verbose()));
    }

    /**
     * Port 0 means something to a listener only.
     *
     * @throws ParameterException a mistake of usage
     */
    static void checkCanBeDialled(PeerAddress address, CommandSpec command) {
        if (address.port() == 0) {
            throw new ParameterException(
                    command.commandLine(), "address " + address + ": port 0 cannot be connected to");
        }
    }

    /** The same for each address of a destination. */
    static void checkCanBeDialled(Destination destination, CommandSpec command) {
        destination.addresses().forEach(address -> checkCanBeDialled(address, command));
    }

    /**
     * A number has its legal range.
     *
     * @throws ParameterException a mistake of usage
     */
    static void checkRange(String option, long value, long least, long most, CommandSpec command) {
        if (value < least || value > most) {
            throw new ParameterException(
                    command.commandLine(),
                    String.format(Locale.ROOT, "%s is %d, must be %,d to %,d", option, value, least, most));
        }
    }

    /** The help, for one, is written by somebody who swallows failures. */
    private static int checkWritten(Console console) {
        try {
            console.checkWritten();
            return ExitCode.OK;
        } catch (CommandException e) {
            console.say("weir: " + e.getMessage());
            return e.exitCode();
        }
    }

    private static PeerAddress parseAddress(String text) {
        if (Ticket.isMeant(text)) {
            throw new TypeConversionException(
                    "'" + text + "' is a ticket, which is for dialling; here an address is meant");
        }
        return parseDestination(text).addresses().get(0);
    }

    static Destination parseDestination(String text) {
        try {
            Destination destination = Destination.parse(text);
            for (PeerAddress address : destination.addresses()) {
                if (!address.scheme().equals(PeerAddress.TCP)
                        && !address.scheme().equals(PeerAddress.UDP)) {
                    throw new TypeConversionException("address '" + text + "' must begin with tcp:// or udp://");
                }
            }
            return destination;
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static PeerId parsePeerId(String text) {
        try {
            return PeerId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    static Path parsePath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text
                    + "' has letters that the locale has no codes for, or none that name a file; set LC_ALL to "
                    + "C.UTF-8 before the start");
        }
    }

    private static int onUsage(ParameterException e, Console console) {
        console.say("weir: " + e.getMessage() + suggestions(e));
        console.say("See " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    /** Commands and options that look like what was typed. */
    private static String suggestions(ParameterException e) {
        List<String> similar =
                e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?";
    }

    private static int onFailure(Exception e, Console console, boolean verbose) {
        CommandException explained = CommandException.of(e);
        if (!console.interrupted()) {
            console.say("weir: " + explained.getMessage());
        }
        if (verbose) {
            e.printStackTrace(console.err());
        }
        return explained.exitCode();
    }
}
