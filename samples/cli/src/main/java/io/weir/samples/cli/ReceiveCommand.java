package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNodeSpec;
import io.weir.samples.cli.file.Figures;
import io.weir.samples.cli.file.FileOffer;
import io.weir.samples.cli.file.FileReceiver;
import io.weir.samples.cli.file.FileSender;
import io.weir.samples.cli.file.TransferException;
import io.weir.samples.cli.progress.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Waits for files. */
@Command(
        name = "receive",
        description = {
            "Wait for files and put them into DIR.",
            "The first line on standard output is the address for weir send, with the real port and this end's id. A "
                    + "line for each file follows, as sha256sum writes it: digest and path. A file gets its name only "
                    + "when it is whole and its SHA-256 verified; one that exists is never overwritten without --force."
        },
        exitCodeList = {
            "0:with --once: the transfer is here and verified",
            "1:it cannot listen there, DIR is none, or with --once something was refused or broken off",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.BROKEN_OFF_TEXT
        },
        footer = {
            "  weir receive inbox --listen tcp://127.0.0.1:7400 --identity me.key",
            "  weir receive inbox --listen 'udp://[::]:0' --allow <peer id> --once",
            "  weir receive inbox --once | tail -n +2 | sha256sum -c"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ReceiveCommand implements Callable<Integer> {

    private final Console console;
    private final Sinks.One<Integer> end = Sinks.one();

    @ParentCommand
    private WeirCommand weir;

    @Parameters(paramLabel = "DIR", description = "Where the files go. Must exist.")
    private Path directory;

    @Option(
            names = "--listen",
            paramLabel = "ADDR",
            defaultValue = "tcp://127.0.0.1:0",
            description =
                    "Where to listen, tcp:// or udp://; port 0 takes a free one, host [::] is every address of the "
                            + "machine. Without it: ${DEFAULT-VALUE}.")
    private PeerAddress listen;

    @Mixin
    private IdentityOption identity;

    @Mixin
    private AdmissionOption admission;

    @Mixin
    private AnnounceOption announce;

    @Mixin
    private JsonOption json;

    @Option(names = "--once", description = "End after the first file: 0 if it arrived, 1 if not.")
    private boolean once;

    @Option(names = "--force", description = "Overwrite files that exist.")
    private boolean force;

    @Mixin
    private ProgressOption progress;

    ReceiveCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!Files.isDirectory(directory)) {
            throw new TransferException(directory + " is not a directory");
        }
        FileReceiver receiver = new FileReceiver(directory, force, new Report());
        PeerNodeSpec spec = Weir.node()
                .identity(identity.load())
                .listen(listen)
                .admission(admission.toAdmission(console))
                .onStream(FileSender.STREAM, StreamConfig.reliable(), receiver);
        int exitCode = ExitCode.OK;
        try (OpenNode open = OpenNode.startNow(spec, console, weir.verbose(), receiver::discardUnfinished)) {
            announce.announce(open, console, json.wanted());
            console.say("receiving into " + directory + "; " + admission.describe());
            Integer result = open.waitNow(
                    Mono.firstWithSignal(end.asMono(), open.node().onClose().thenReturn(ExitCode.OK)));
            exitCode = result == null ? ExitCode.FAILED : result;
        }
        progress.finish(console);
        return exitCode;
    }

    private final class Report implements FileReceiver.Listener {
        @Override
        public Progress begins(PeerId from, FileOffer offer) {
            String size = offer.hasSize() ? offer.size() + " bytes" : "of unknown size";
            console.say("'" + offer.name() + "', " + size + ", from " + from);
            return progress.start(console, offer.name(), offer.size());
        }

        @Override
        public void received(FileReceiver.Received file) {
            console.say("received '" + file.path().getFileName() + "': " + new Figures(file.size(), file.elapsed()));
            try {
                console.print(file.sha256() + "  " + file.path());
                endAfterTheFirst(ExitCode.OK);
            } catch (CommandException e) {
                end.tryEmitError(e); // nobody hears of further files either
            }
        }

        @Override
        public void failed(PeerId from, String reason) {
            console.say("nothing kept from " + from + ": " + reason);
            endAfterTheFirst(ExitCode.FAILED);
        }

        private void endAfterTheFirst(int exitCode) {
            if (once) {
                end.tryEmitValue(exitCode);
            }
        }
    }
}
