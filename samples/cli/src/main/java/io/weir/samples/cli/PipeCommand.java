package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.samples.cli.ticket.Destination;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Joins standard input and output of two processes. */
@Command(
        description = {
            "Each direction ends by itself, at the end of the input there; the command ends when both have. Nothing"
                    + " runs ahead of a reader that stops: the writer stops too. A listening end prints its address as the"
                    + " first line on standard error."
        },
        exitCodeList = {
            "0:both directions have ended well",
            "1:no connection, or a direction broke off: what was sent may be lost",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.NOT_TRUSTED_TEXT
        },
        footer = {
            "  weir pipe --listen tcp://127.0.0.1:7400 --identity me.key --no-input > backup.tar",
            "  tar c photos | weir pipe 'tcp://127.0.0.1:7400#<peer id>'"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PipeCommand implements Callable<Integer> {

    private static final String STREAM = "weir.pipe";

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @ArgGroup(multiplicity = "1")
    private PeerEnd end;

    @Mixin
    private IdentityOption identity;

    @Mixin
    private AdmissionOption admission;

    @Mixin
    private AnnounceOption announce;

    @Option(names = "--no-input", description = "Send nothing: leave standard input alone.")
    private boolean noInput;

    PipeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        end.check(spec);
        PeerNodeSpec node = Weir.node().identity(identity.load());
        if (end.listen != null) {
            listenNow(node, end.listen);
        } else if (end.address != null) {
            dialNow(node, end.address);
        }
        return ExitCode.OK;
    }

    private void dialNow(PeerNodeSpec node, Destination address) {
        try (OpenNode open = OpenNode.startNow(node, console, weir.verbose())) {
            PeerSession session = open.connectNow(address);
            open.waitNow(run(session.openStream(STREAM, StreamConfig.reliable())));
        }
    }

    private void listenNow(PeerNodeSpec node, PeerAddress address) {
        AtomicBoolean taken = new AtomicBoolean();
        Sinks.Empty<Void> done = Sinks.empty();
        PeerNodeSpec listening = node.listen(address)
                .admission(admission.toAdmission(console))
                .onStream(STREAM, StreamConfig.reliable(), stream -> {
                    if (!taken.compareAndSet(false, true)) {
                        return Mono.error(new IllegalStateException("this pipe has its other end already"));
                    }
                    console.note("joined with " + stream.session().peer());
                    run(stream).subscribe(null, done::tryEmitError, done::tryEmitEmpty);
                    return done.asMono();
                });
        try (OpenNode open = OpenNode.startNow(listening, console, weir.verbose())) {
            announce.announce(open, console, false, console::say);
            console.say(admission.describe());
            open.waitNow(done.asMono());
        }
    }

    private Mono<Void> run(PeerStream stream) {
        return new StandardStreams(console.in(), console.out(), noInput).joinWith(stream);
    }
}
