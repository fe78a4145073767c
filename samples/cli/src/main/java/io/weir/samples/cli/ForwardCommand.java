package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.WantedPeer;
import io.weir.samples.cli.forward.Forwarder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;

/** Carries connections of TCP to another machine. */
@Command(
        description = {
            "One end accepts connections, the other one makes one for each of them; one end listens for the other, whichever "
                    + "it is. Each direction of a connection ends by itself, and a program that does not read stops the one "
                    + "that writes. Who dials stays connected: connections that come while the peer is away wait 10 s for it.",
            "With --listen the first line on standard output is the address for the other end; with --accept the next one is "
                    + "where connections are accepted, HOST:PORT with the real port."
        },
        exitCodeList = {
            "1:it cannot listen or accept there, or the peer cannot be reached at first",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.NOT_TRUSTED_TEXT,
            ExitCode.BROKEN_OFF_TEXT
        },
        footer = {
            "  a database over there as if it were here:",
            "  there$ weir forward --listen 'tcp://[::]:7400' --allow <peer id> --connect 127.0.0.1:5432",
            "  here$  weir forward 'tcp://there:7400#<peer id>' --accept 127.0.0.1:5432 --identity me.key",
            "  and the other way round, a server of this machine at a port over there:",
            "  there$ weir forward --listen 'tcp://[::]:7400' --allow <peer id> --accept 0.0.0.0:8080",
            "  here$  weir forward 'tcp://there:7400#<peer id>' --connect 127.0.0.1:8080 --identity me.key"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ForwardCommand implements Callable<Integer> {

    private static final int MAX_CONNECTIONS = 65_535;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @ArgGroup(multiplicity = "1")
    private PeerEnd peer;

    @ArgGroup(multiplicity = "1")
    private TcpEnd tcp;

    /** What this end does with TCP. */
    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    static final class TcpEnd {
        @Option(
                names = "--accept",
                paramLabel = "HOST:PORT",
                description = "Accept connections here; port 0 takes a free one.")
        private @Nullable String accept;

        @Option(names = "--connect", paramLabel = "HOST:PORT", description = "Make connections to there.")
        private @Nullable String connect;
    }

    @Mixin
    private IdentityOption identity;

    @Mixin
    private AdmissionOption admission;

    @Mixin
    private AnnounceOption announce;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many at once, 1 to 65,535; further ones are broken off. Without it: ${DEFAULT-VALUE}.")
    private int connections;

    @Mixin
    private JsonOption json;

    ForwardCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Main.checkRange("--connections", connections, 1, MAX_CONNECTIONS, spec);
        PeerAddress accept = tcp.accept == null ? null : place("--accept", tcp.accept);
        PeerAddress connect = tcp.connect == null ? null : place("--connect", tcp.connect);
        if (connect != null && connect.port() == 0) {
            throw new ParameterException(
                    spec.commandLine(), "--connect " + tcp.connect + ": port 0 cannot be connected to");
        }
        peer.check(spec);
        PeerNodeSpec node = Weir.node().identity(identity.load());
        if (peer.listen != null) {
            node = node.listen(peer.listen).admission(admission.toAdmission(console));
        }
        try (Forwarder forwarder = new Forwarder(connections, this::tell)) {
            if (connect != null) {
                node = node.onStream(Forwarder.STREAM, Forwarder.CONFIG, forwarder.connect(connect));
            }
            try (OpenNode open = OpenNode.startNow(node, console, weir.verbose(), forwarder::close)) {
                runNow(open, forwarder, accept);
            }
        }
        return ExitCode.OK;
    }

    private void runNow(OpenNode open, Forwarder forwarder, @Nullable PeerAddress accept) {
        Supplier<Mono<PeerSession>> session;
        Mono<Void> over = open.node().onClose().then();
        if (peer.address == null) {
            announce.announce(open, console, json.wanted());
            console.say(admission.describe());
            session = () -> open.node().sessions().next();
        } else {
            console.say("connected to " + open.connectNow(peer.address).peer());
            ManagedPeer kept = open.node()
                    .peers()
                    .add(WantedPeer.at(peer.address.addresses().toArray(PeerAddress[]::new)));
            session = kept::session;
            over = Mono.firstWithSignal(over, givenUp(kept));
        }
        if (accept != null) {
            InetSocketAddress at = acceptNow(open, forwarder, accept, session);
            String place =
                    PeerAddress.tcp(accept.host(), at.getPort()).toString().substring("tcp://".length());
            json.print(console, "accepting", place);
        }
        open.waitNow(over);
    }

    private static InetSocketAddress acceptNow(
            OpenNode open, Forwarder forwarder, PeerAddress accept, Supplier<Mono<PeerSession>> session) {
        Mono<InetSocketAddress> accepting = forwarder
                .accept(accept, session)
                .onErrorMap(
                        IOException.class,
                        e -> new CommandException(
                                ExitCode.FAILED,
                                "cannot accept at " + accept.host() + ":" + accept.port() + ": " + plain(e),
                                e));
        InetSocketAddress at = open.waitNow(accepting);
        if (at == null) {
            throw new CommandException(ExitCode.FAILED, "cannot accept: it was broken off");
        }
        return at;
    }

    private void tell(String place, Throwable failure) {
        console.note(place + ": " + why(failure));
    }

    private static String why(Throwable failure) {
        if (!(failure instanceof WeirException broken)) {
            return plain(failure);
        }
        return broken.reason().error() == ErrorCode.APPLICATION_ERROR
                ? "broken off at the other end: its connection failed (APPLICATION_ERROR)"
                : String.valueOf(CommandException.of(broken).getMessage());
    }

    /** What the system said, without the call and the place around it that Netty adds. */
    private static String plain(Throwable failure) {
        return String.valueOf(failure.getMessage())
                .replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-\\d+\\): ", "")
                .replaceFirst(": \\S*/\\S+:\\d+$", "");
    }

    private static Mono<Void> givenUp(ManagedPeer kept) {
        return kept.states()
                .ofType(PeerState.GaveUp.class)
                .next()
                .flatMap(gone -> Mono.error(new ConnectException(gone.reason())));
    }

    private PeerAddress place(String option, String text) {
        try {
            return PeerAddress.parse("tcp://" + text).expecting(null);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + " must be HOST:PORT: " + e.getMessage(), e);
        }
    }
}
