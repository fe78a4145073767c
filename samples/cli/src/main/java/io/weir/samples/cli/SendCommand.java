package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.identity.Identity;
import io.weir.reactive.PeerSession;
import io.weir.samples.cli.file.Figures;
import io.weir.samples.cli.file.FileSender;
import io.weir.samples.cli.file.OutgoingFile;
import io.weir.samples.cli.progress.Progress;
import io.weir.samples.cli.ticket.Destination;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sends a file. */
@Command(
        name = "send",
        description = {
            "Send FILE to a peer that runs weir receive. A pipe or a device is sent too, to its end.",
            "Ends with 0 only when the receiver has the whole file and has verified its SHA-256, which is then printed "
                    + "on standard output as sha256sum writes it."
        },
        exitCodeList = {
            "0:the receiver has verified all of it",
            "1:no connection, the transfer broke off, or a file cannot be read or was refused",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.NOT_TRUSTED_TEXT
        },
        footer = {
            "  weir send film.mkv 'tcp://127.0.0.1:7400#<peer id>' --identity me.key",
            "  weir send /etc/hosts 'udp://[2001:db8::1]:7400#<peer id>' --name hosts.txt",
            "  tar c photos | weir send /dev/stdin 'tcp://127.0.0.1:7400#<peer id>' --name photos.tar"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class SendCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @Parameters(index = "0", paramLabel = "FILE", description = "What to send.")
    private Path file;

    @Parameters(
            index = "1",
            paramLabel = "ADDR",
            description = "Where to, and who must answer there: the address or the ticket that weir receive printed.")
    private Destination address;

    @Mixin
    private IdentityOption identity;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The file's name at the receiver. Without it: its own.")
    private @Nullable String name;

    @Mixin
    private ProgressOption progress;

    SendCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Main.checkCanBeDialled(address, spec);
        Identity self = identity.load();
        String sha256;
        try (OutgoingFile outgoing = OutgoingFile.open(file)) {
            String offered = name == null ? file.toAbsolutePath().getFileName().toString() : name;
            outgoing.offerAs(offered); // a name that nobody would take is better refused here
            sha256 = sendNow(outgoing, offered, self);
        }
        console.print(sha256 + "  " + file);
        progress.finish(console);
        return ExitCode.OK;
    }

    private String sendNow(OutgoingFile outgoing, String offered, Identity self) {
        try (OpenNode open = OpenNode.startNow(Weir.node().identity(self), console, weir.verbose())) {
            PeerSession session = open.connectNow(address);
            console.say("connected to " + session.peer()
                    + (address.expected() == null ? ", whom nothing vouches for: the address has no #PEERID" : ""));
            long startNanos = System.nanoTime();
            String sha256;
            try (Progress shown = progress.start(console, offered, outgoing.size())) {
                sha256 = String.valueOf(open.waitNow(FileSender.send(session, outgoing, offered, shown)));
            }
            Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
            console.say("sent '" + offered + "': " + new Figures(outgoing.sent(), elapsed));
            return sha256;
        }
    }
}
