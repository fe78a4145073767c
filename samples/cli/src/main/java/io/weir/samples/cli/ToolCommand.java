package io.weir.samples.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The tool's commands, in the order in which help lists them; a command is added here, and nowhere else. What each takes is
 * found out only of the one that is run: that is the most of what a start costs.
 */
enum ToolCommand {
    KEYGEN("Make an identity, save it in FILE (readable by its owner only) and print its peer id."),
    ID("Print the peer id of a key file: what others put behind the '#' of an address, or --allow."),
    TICKET("Put a peer's key and addresses into one word, or take them out again."),
    RECEIVE("Wait for files and directories and put them into DIR."),
    SEND("Send files and directories to a peer that runs weir receive. A pipe or a device is sent too, to its end."),
    PIPE("Join standard input and output with those of a peer: an encrypted netcat."),
    FORWARD("Carry connections of TCP between a port here and a port there, encrypted, each over a stream of its own."),
    PING("Measure how long a peer takes to answer, inside the encrypted session."),
    BENCH("Measure streams, requests and round trips between two machines, and the rate of the network itself."),
    PEERS("Keep peers connected and show where each is at."),
    REQUEST("Ask a peer for one reply and write its bytes on standard output, as they are."),
    SERVE("Answer each request with the standard output of a command, which gets the request on its standard input."),
    VOTE(
            "Ask nodes whether they hold the same roots of Merkle trees as given here, each by one datagram, without a session."),
    STATS("Show what a node has done and has in hand: sessions, requests, bytes, what was refused and why."),
    DEMO("Send a file from one node to another inside this process, over TCP, UDP or QUIC, and show the figures."),
    CHEAT("Show on one page what to type for what."),
    COMPLETION("Print a script by which bash or zsh completes commands, options and their values.");

    private final String summary;

    /**
     * @param summary what it does: the first paragraph of its help, and its line in the list of commands
     */
    ToolCommand(String summary) {
        this.summary = summary;
    }

    /** The one that a command line asks for: by its first word, which only options of the tool itself stand before. */
    static Optional<ToolCommand> asked(String... args) {
        for (String arg : args) {
            if (!arg.startsWith("-")) {
                return named(arg);
            }
        }
        return Optional.empty();
    }

    private static Optional<ToolCommand> named(String word) {
        for (ToolCommand command : values()) {
            if (command.word().equals(word)) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }

    /** As it is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** It with all that it takes. */
    CommandLine whole(Console console) {
        CommandLine line = new CommandLine(create(console));
        String[] more = line.getCommandSpec().usageMessage().description();
        String[] description = new String[more.length + 1];
        description[0] = summary;
        System.arraycopy(more, 0, description, 1, more.length);
        line.getCommandSpec().usageMessage().description(description);
        return line;
    }

    /** Its name and summary: enough to be listed, and suggested for what was mistyped. */
    CommandLine listed() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description(summary);
        return new CommandLine(spec);
    }

    private Callable<Integer> create(Console console) {
        return switch (this) {
            case KEYGEN -> new KeygenCommand(console);
            case ID -> new IdCommand(console);
            case TICKET -> new TicketCommand(console);
            case RECEIVE -> new ReceiveCommand(console);
            case SEND -> new SendCommand(console);
            case PIPE -> new PipeCommand(console);
            case FORWARD -> new ForwardCommand(console);
            case PING -> new PingCommand(console);
            case BENCH -> new BenchCommand(console);
            case PEERS -> new PeersCommand(console);
            case REQUEST -> new RequestCommand(console);
            case SERVE -> new ServeCommand(console);
            case VOTE -> new VoteCommand(console);
            case STATS -> new StatsCommand(console);
            case DEMO -> new DemoCommand(console);
            case CHEAT -> new CheatCommand(console);
            case COMPLETION -> new CompletionCommand(console);
        };
    }
}
