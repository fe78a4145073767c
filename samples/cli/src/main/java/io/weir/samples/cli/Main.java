package io.weir.samples.cli;

import io.weir.core.peer.PeerAddress;
import io.weir.samples.cli.ticket.Destination;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Starts the tool. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(Console.ofProcess(), args));
    }

    /** Runs one command; its exit code. */
    static int run(Console console, String... args) {
        int exitCode = new ToolLine(console).execute(args);
        if (exitCode == ExitCode.OK) {
            exitCode = checkWritten(console);
        }
        console.finish();
        return exitCode;
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
}
