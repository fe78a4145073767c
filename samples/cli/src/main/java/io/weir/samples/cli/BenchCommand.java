package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.samples.cli.bench.BenchClient;
import io.weir.samples.cli.bench.BenchServer;
import io.weir.samples.cli.bench.Measure;
import io.weir.samples.cli.ticket.Destination;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import reactor.core.scheduler.Schedulers;

/** Measures what two machines do with each other. */
@Command(
        description = {
            "One end listens, the other measures one thing after the other, over TCP, UDP or QUIC as the address says. The last line "
                    + "is what one connection of TCP without encryption carries, to a port that the listening end opens for it "
                    + "for some seconds; where a firewall is between, the rest is measured all the same."
        },
        exitCodeList = {
            "0:all was measured",
            "1:no connection, or something could not be measured; or it cannot listen there",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.NOT_TRUSTED_TEXT,
            ExitCode.BROKEN_OFF_TEXT
        },
        footer = {
            "  there$ weir bench --listen 'tcp://[::]:7400' --ticket",
            "  here$  weir bench weir1vH0...",
            "  here$  weir bench 'udp://there:7400#<peer id>' --seconds 10 --json"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class BenchCommand implements Callable<Integer> {

    private static final int MAX_SECONDS = 60;

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

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How long each thing is measured, 1 to 60. Without it: ${DEFAULT-VALUE}.")
    private int seconds;

    @Mixin
    private JsonOption json;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Main.checkRange("--seconds", seconds, 1, MAX_SECONDS, spec);
        PeerNodeSpec node = Weir.node().identity(identity.load());
        if (end.listen != null) {
            listenNow(node, end.listen);
        } else if (end.address != null) {
            end.check(spec);
            measureNow(node, end.address);
        }
        return ExitCode.OK;
    }

    private void listenNow(PeerNodeSpec node, PeerAddress listen) {
        PeerNodeSpec measured =
                BenchServer.on(node.listen(listen).admission(admission.toAdmission(console)), listen.host());
        try (OpenNode open = OpenNode.startNow(measured, console, weir.verbose())) {
            announce.announce(open, console, json.wanted());
            console.say(admission.describe());
            open.waitNow(open.node().onClose());
        }
    }

    private void measureNow(PeerNodeSpec node, Destination address) {
        try (OpenNode open = OpenNode.startNow(node, console, weir.verbose())) {
            PeerSession session = open.connectNow(address);
            console.say("connected to " + session.peer() + "; each takes " + seconds + " s");
            open.waitNow(new BenchClient(session, Duration.ofSeconds(seconds))
                    .measures()
                    .onErrorMap(ReplyMissingException.class, BenchCommand::explained)
                    .publishOn(Schedulers.boundedElastic())
                    .doOnNext(this::tell)
                    .then());
        }
    }

    private static Throwable explained(ReplyMissingException e) {
        return e.reason().error() != ErrorCode.NO_HANDLER
                ? e
                : new CommandException(
                        ExitCode.FAILED,
                        "the peer cannot be measured: is weir bench --listen running there? (NO_HANDLER)",
                        e);
    }

    private void tell(Measure measure) {
        console.print(json.wanted() ? measure.json().toString() : measure.toString());
    }
}
