package io.weir.samples.cli;

import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Asks a peer one thing. */
@Command(
        description = {
            "Ends with 0 only when there is a reply. Otherwise the peer's reason, or this end's, is on standard error:"
                    + " NO_HANDLER, BUSY, REQUEST_TIMEOUT, APPLICATION_ERROR and so on. A request that is broken off is"
                    + " cancelled at the peer too. Request and reply may be as large as the peer's and this end's window:"
                    + " 1 MiB, unless the peer's program sets another."
        },
        exitCodeList = {
            "0:the reply is written",
            "1:no connection or no reply; or standard input or output failed",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.NOT_TRUSTED_TEXT
        },
        footer = {
            "  weir request 'tcp://127.0.0.1:7400#<peer id>' exec 'some text'",
            "  weir request 'tcp://127.0.0.1:7400#<peer id>' exec - < report.txt > sorted.txt"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class RequestCommand implements Callable<Integer> {

    /** The largest window that a peer can have. */
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final int MAX_ROUTE_BYTES = 255;
    private static final String STANDARD_INPUT = "-";

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @Mixin
    private AskedPeer peer;

    @Parameters(index = "1", paramLabel = "ROUTE", description = "What to ask for, as the peer's program names it.")
    private String route;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "DATA",
            description = "The request's text; - takes all of standard input. Without it: nothing.")
    private @Nullable String data;

    @Mixin
    private final TimeoutOption timeout = new TimeoutOption(30);

    RequestCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        peer.check(spec);
        RequestOptions options = RequestOptions.defaults().withTimeout(timeout.toDuration(spec));
        checkRoute(route, spec);
        PeerNodeSpec node = peer.node();
        console.write(askNow(node, body(), options));
        return ExitCode.OK;
    }

    /**
     * A route's name has to fit its place in a message.
     *
     * @throws ParameterException a mistake of usage
     */
    static void checkRoute(String route, CommandSpec command) {
        int length = route.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_ROUTE_BYTES) {
            throw new ParameterException(
                    command.commandLine(),
                    "route has " + length + " bytes of UTF-8, must have at most " + MAX_ROUTE_BYTES);
        }
    }

    private byte[] body() {
        if (data == null) {
            return new byte[0];
        }
        if (!data.equals(STANDARD_INPUT)) {
            return data.getBytes(StandardCharsets.UTF_8);
        }
        byte[] body = readInput();
        if (body.length > MAX_BYTES) {
            throw new CommandException(
                    ExitCode.FAILED, "standard input has more than " + MAX_BYTES + " bytes: too large for a request");
        }
        return body;
    }

    /** All of standard input, or one byte more than a request can have. */
    private byte[] readInput() {
        try {
            return console.in().readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "standard input cannot be read: " + e.getMessage(), e);
        }
    }

    private byte[] askNow(PeerNodeSpec node, byte[] body, RequestOptions options) {
        try (OpenNode open = OpenNode.startNow(node, console, weir.verbose())) {
            PeerSession session = open.connectNow(peer.address());
            byte[] reply = open.waitNow(session.request(route, body, Codec.bytes(), Codec.bytes(), options));
            return reply == null ? new byte[0] : reply;
        }
    }
}
