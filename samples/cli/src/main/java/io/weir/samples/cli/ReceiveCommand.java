package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.samples.cli.file.FileOffer;
import io.weir.samples.cli.file.FileReceiver;
import io.weir.samples.cli.file.FileSender;
import io.weir.samples.cli.file.TransferException;
import io.weir.samples.cli.json.JsonObject;
import io.weir.samples.cli.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import reactor.core.publisher.Mono;

/** Waits for files. */
@Command(
        description = {
            "The first line on standard output is the address for weir send, with the real port and this end's id. A "
                    + "line for each file follows, as sha256sum writes it: digest and path. A file gets its name only "
                    + "when it is whole and its SHA-256 verified; one that exists is never overwritten without --force.",
            "What has come of a file whose sender was lost stays under a hidden name, .weir-*.part, and the rest is enough when "
                    + "it is sent again: its digest tells whether it is the same. The 64 latest of these are kept."
        },
        exitCodeList = {
            "0:with --once: the transfer is here and verified",
            "1:it cannot listen there, DIR is no directory and cannot be made, or with --once something was refused or broken off",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.BROKEN_OFF_TEXT
        },
        footer = {
            "  weir receive inbox --listen tcp://127.0.0.1:7400 --identity me.key",
            "  weir receive inbox --listen 'udp://[::]:0' --allow <peer id> --once",
            "  weir receive inbox --port 7400 --host ::            TCP, UDP and QUIC, of the whole machine",
            "  weir receive inbox --once | tail -n +2 | sha256sum -c"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ReceiveCommand implements Callable<Integer> {

    private final Console console;
    private final OneTransfer transfer = new OneTransfer();

    @ParentCommand
    private WeirCommand weir;

    @Parameters(paramLabel = "DIR", description = "Where the files go; made if it is not there.")
    private Path directory;

    @Mixin
    private ListenOption listen;

    @Mixin
    private IdentityOption identity;

    @Mixin
    private AdmissionOption admission;

    @Mixin
    private AnnounceOption announce;

    @Mixin
    private StatsOption stats;

    @Mixin
    private JsonOption json;

    @Option(names = "--once", description = "End after what one weir send sends: 0 if all arrived, 1 if not.")
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
        makeDirectory();
        FileReceiver receiver = new FileReceiver(directory, force, new Report());
        PeerNodeSpec spec = stats.answer(listen.listen(Weir.node().identity(identity.load())))
                .admission(admission.toAdmission(console, stats.allowed()))
                .onStream(FileSender.STREAM, StreamConfig.reliable(), receiver);
        int exitCode = ExitCode.OK;
        try (OpenNode open = OpenNode.startNow(spec, console, weir.verbose(), receiver::discardUnfinished)) {
            stats.started(open.node());
            announce.announce(open, console, json.wanted());
            console.say("receiving into " + directory + "; " + admission.describe());
            listen.hint(console);
            Integer result = open.waitNow(
                    Mono.firstWithSignal(transfer.end(), open.node().onClose().thenReturn(ExitCode.OK)));
            exitCode = result == null ? ExitCode.FAILED : result;
        }
        progress.finish(console);
        return exitCode;
    }

    private void makeDirectory() {
        try {
            if (!Files.exists(directory)) {
                Files.createDirectory(directory);
            }
        } catch (NoSuchFileException e) {
            throw new TransferException(directory + " cannot be made: there is no directory to make it in", e);
        } catch (IOException e) {
            throw new TransferException(directory + " cannot be made: " + e.getMessage(), e);
        }
        if (!Files.isDirectory(directory)) {
            throw new TransferException(directory + " is not a directory");
        }
    }

    private final class Report implements FileReceiver.Listener {
        @Override
        public Progress begins(PeerSession session, FileOffer offer) {
            if (once) {
                transfer.begins(session, offer.entries());
            }
            String size = offer.hasSize() ? offer.size() + " bytes" : "of unknown size";
            console.say("'" + offer.name() + "', " + (offer.isDirectory() ? "a directory" : size) + ", from "
                    + session.peer());
            return progress.start(console, offer.name(), offer.size());
        }

        @Override
        public void received(FileReceiver.Received file) {
            Path name = directory.relativize(file.path());
            console.say("received '" + name + "': " + file.figures());
            try {
                if (json.wanted()) {
                    console.print(new JsonObject()
                            .put("path", file.path().toString())
                            .put("sha256", file.sha256())
                            .put("received", file.figures().bytes())
                            .put("before", file.figures().before())
                            .put("seconds", file.figures().elapsed().toNanos() / 1e9)
                            .put("from", file.session().peer().toString())
                            .toString());
                } else if (!Files.isDirectory(file.path())) {
                    console.print(file.sha256() + "  " + file.path());
                }
                transfer.settled(file.session(), true);
            } catch (CommandException e) {
                transfer.failed(e); // nobody hears of further files either
            }
        }

        @Override
        public void failed(PeerSession session, boolean offered, String reason) {
            console.say("nothing new from " + session.peer() + ": " + reason);
            if (offered) {
                transfer.settled(session, false);
            } else if (once) {
                transfer.failed();
            }
        }
    }
}
