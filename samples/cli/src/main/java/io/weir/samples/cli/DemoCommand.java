package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerSession;
import io.weir.samples.cli.file.Figures;
import io.weir.samples.cli.file.FileOffer;
import io.weir.samples.cli.file.FileReceiver;
import io.weir.samples.cli.file.FileSender;
import io.weir.samples.cli.file.OutgoingFile;
import io.weir.samples.cli.json.JsonObject;
import io.weir.samples.cli.progress.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Both ends in one process. */
@Command(
        exitCodeList = {
            "0:the file was verified by its receiver",
            "1:it was not, or it cannot be read",
            ExitCode.USAGE_TEXT
        },
        footer = {"  weir demo", "  weir demo --udp --megabytes 1000 --stats", "  weir demo film.mkv"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class DemoCommand implements Callable<Integer> {

    private static final int MEGABYTE = 1_000_000;
    private static final int MAX_MEGABYTES = 100_000;
    private static final long SEED = 7400;
    private static final String HOST = "127.0.0.1";

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The file to send. Without it: one of random bytes, deleted at the end.")
    private @Nullable Path file;

    @Option(
            names = "--megabytes",
            paramLabel = "N",
            defaultValue = "256",
            description = "Size of the file to make, 0 to 100,000. Without it: ${DEFAULT-VALUE}.")
    private int megabytes;

    @ArgGroup
    private Carrier carrier = new Carrier();

    /** Over what. */
    static final class Carrier {
        @Option(names = "--udp", description = "Over UDP; without it over TCP.")
        private boolean udp;

        @Option(names = "--quic", description = "Over QUIC.")
        private boolean quic;

        PeerAddress anyPort() {
            if (quic) {
                return PeerAddress.quic(HOST, 0);
            }
            return udp ? PeerAddress.udp(HOST, 0) : PeerAddress.tcp(HOST, 0);
        }
    }

    @Mixin
    private JsonOption json;

    @Mixin
    private ProgressOption progress;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Main.checkRange("--megabytes", megabytes, 0, MAX_MEGABYTES, spec);
        Path scratch = Files.createTempDirectory("weir-demo-");
        try {
            Path inbox = Files.createDirectory(scratch.resolve("inbox"));
            transferNow(file == null ? make(scratch.resolve("demo.bin")) : file, inbox);
        } finally {
            delete(scratch);
        }
        progress.finish(console);
        return ExitCode.OK;
    }

    private void transferNow(Path source, Path inbox) {
        FileReceiver receiver = new FileReceiver(inbox, false, new Report());
        try (OpenNode receiving = OpenNode.startNow(
                        Weir.node()
                                .listen(carrier.anyPort())
                                .onStream(FileSender.STREAM, StreamConfig.reliable(), receiver),
                        console,
                        weir.verbose());
                OpenNode sending = OpenNode.startNow(Weir.node(), console, weir.verbose());
                OutgoingFile outgoing = OutgoingFile.open(source)) {
            console.say("receiver: " + receiving.address());
            console.say("sender:   " + sending.node().id());
            String name = source.toAbsolutePath().getFileName().toString();
            PeerSession session = sending.connectNow(receiving.address());
            long startNanos = System.nanoTime();
            String sha256;
            try (Progress shown = progress.start(console, name, outgoing.size())) {
                sha256 = String.valueOf(
                        sending.waitNow(FileSender.send(session, outgoing, outgoing.offerAs(name, 1), shown)));
            }
            Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
            console.say("sent and verified: " + new Figures(outgoing.sent(), 0, elapsed));
            console.print(
                    json.wanted()
                            ? new JsonObject()
                                    .put("path", source.toString())
                                    .put("sha256", sha256)
                                    .put("sent", outgoing.sent())
                                    .put("seconds", elapsed.toNanos() / 1e9)
                                    .toString()
                            : sha256 + "  " + source);
        }
    }

    private Path make(Path made) throws IOException {
        console.say("making " + megabytes + " MB of random bytes (seed " + SEED + ")");
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] block = new byte[MEGABYTE];
        try (OutputStream out = Files.newOutputStream(made)) {
            for (int i = 0; i < megabytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return made;
    }

    private static void delete(Path directory) throws IOException {
        List<Path> inside;
        try (Stream<Path> walk = Files.walk(directory)) {
            inside = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inside) {
            Files.deleteIfExists(path);
        }
    }

    /** The sender's side shows everything; this one only what went wrong. */
    private final class Report implements FileReceiver.Listener {
        @Override
        public Progress begins(PeerSession session, FileOffer offer) {
            return Progress.none();
        }

        @Override
        public void received(FileReceiver.Received received) {}

        @Override
        public void failed(PeerSession session, boolean offered, String reason) {
            console.say("the receiver kept nothing: " + reason);
        }
    }
}
