package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.identity.Identity;
import io.weir.reactive.PeerSession;
import io.weir.samples.cli.file.Figures;
import io.weir.samples.cli.file.FileSender;
import io.weir.samples.cli.file.FileTree;
import io.weir.samples.cli.file.OutgoingFile;
import io.weir.samples.cli.file.TransferException;
import io.weir.samples.cli.json.JsonObject;
import io.weir.samples.cli.progress.Progress;
import io.weir.samples.cli.ticket.Destination;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Sends files. */
@Command(
        description = {
            "Ends with 0 only when the receiver has all of it and has verified each file's SHA-256, which is then printed "
                    + "on standard output as sha256sum writes it. Of a file that was sent before in part only the rest is "
                    + "sent, of one that is there already nothing. A directory is sent with all that is below it, but for "
                    + "links and devices."
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
            "  weir send photos notes.txt weir1vH0...                a directory and a file, to a ticket",
            "  weir send /etc/hosts 'udp://[2001:db8::1]:7400#<peer id>' --name hosts.txt",
            "  tar c photos | weir send /dev/stdin 'tcp://127.0.0.1:7400#<peer id>' --name photos.tar"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class SendCommand implements Callable<Integer> {

    /** Files on their way at once, so that small ones do not wait for each other's answers. */
    private static final int AT_ONCE = 4;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @Parameters(
            arity = "2..*",
            paramLabel = "FILE... ADDR",
            hideParamSyntax = true,
            description =
                    "What to send; and last where to, and who must answer there: the address or the ticket that weir "
                            + "receive printed.")
    private List<String> filesAndAddress;

    @Mixin
    private IdentityOption identity;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The name at the receiver, of one file or directory. Without it: its own.")
    private @Nullable String name;

    @Mixin
    private JsonOption json;

    @Mixin
    private ProgressOption progress;

    private long refused;

    SendCommand(Console console) {
        this.console = console;
    }

    /** What became of one. */
    private record Sent(FileTree.Entry entry, String sha256, long bytes, long before) {}

    @Override
    public Integer call() {
        Destination destination = destination();
        FileTree tree = tree();
        Identity self = identity.load();
        FileTree.Extent extent = tree.measure();
        if (extent.leftOut() > 0) {
            console.say("left out, as links and devices in directories are: " + extent.leftOut());
        }
        if (extent.entries() == 0) {
            throw new TransferException("there is nothing else to send");
        }
        try (OpenNode open = OpenNode.startNow(Weir.node().identity(self), console, weir.verbose())) {
            PeerSession session = open.connectNow(destination);
            console.say("connected to " + session.peer()
                    + (destination.expected() == null ? ", whom nothing vouches for: the address has no #PEERID" : ""));
            sendNow(open, session, tree, extent);
        }
        progress.finish(console);
        return ExitCode.OK;
    }

    private Destination destination() {
        String text = filesAndAddress.get(filesAndAddress.size() - 1);
        try {
            Destination destination = Kinds.destination(text);
            Main.checkCanBeDialled(destination, spec);
            return destination;
        } catch (TypeConversionException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + " (the last of FILE... ADDR)", e);
        }
    }

    private FileTree tree() {
        List<Path> paths;
        try {
            paths = filesAndAddress.subList(0, filesAndAddress.size() - 1).stream()
                    .map(Kinds::path)
                    .toList();
        } catch (TypeConversionException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        if (name == null) {
            return FileTree.of(paths);
        }
        if (paths.size() > 1) {
            throw new ParameterException(spec.commandLine(), "--name is for one file, there are " + paths.size());
        }
        return FileTree.of(paths.get(0), name);
    }

    private void sendNow(OpenNode open, PeerSession session, FileTree tree, FileTree.Extent extent) {
        long entries = extent.entries();
        String what = entries == 1 ? "'" + tree.firstName() + "'" : entries + " files";
        long startNanos = System.nanoTime();
        AtomicLong bytes = new AtomicLong();
        AtomicLong before = new AtomicLong();
        try (Progress shown = Progress.shared(
                progress.start(console, entries == 1 ? tree.firstName() : entries + " files", extent.bytes()))) {
            open.waitNow(Flux.fromStream(tree::entries)
                    .onErrorMap(
                            UncheckedIOException.class,
                            e -> new TransferException("a directory cannot be read: " + e.getMessage(), e))
                    .subscribeOn(Schedulers.boundedElastic())
                    .flatMapSequential(entry -> send(session, entry, entries, shown), AT_ONCE, 1)
                    .publishOn(Schedulers.boundedElastic())
                    .doOnNext(this::tell)
                    .doOnNext(sent -> bytes.addAndGet(sent.bytes()))
                    .doOnNext(sent -> before.addAndGet(sent.before()))
                    .then());
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
        if (refused > 0) {
            throw new TransferException(refused + " of " + entries + " were not taken");
        }
        console.say("sent " + what + ": " + new Figures(bytes.get(), before.get(), elapsed));
    }

    private Mono<Sent> send(PeerSession session, FileTree.Entry entry, long entries, Progress shown) {
        Mono<Sent> sent = Mono.using(
                        () -> OutgoingFile.open(entry.path()),
                        file -> FileSender.send(session, file, file.offerAs(entry.name(), entries), shown)
                                .map(sha256 -> new Sent(entry, sha256, file.sent(), file.skipped())),
                        OutgoingFile::close)
                .subscribeOn(Schedulers.boundedElastic());
        return entries == 1 ? sent : sent.onErrorResume(TransferException.class, e -> goOnWithout(entry, e));
    }

    /** The others may be taken. */
    private Mono<Sent> goOnWithout(FileTree.Entry entry, TransferException e) {
        return Mono.<Sent>fromRunnable(() -> {
                    synchronized (this) {
                        refused++;
                    }
                    console.say("weir: " + entry.path() + ": " + e.getMessage());
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    private void tell(Sent sent) {
        FileTree.Entry entry = sent.entry();
        if (json.wanted()) {
            console.print(new JsonObject()
                    .put("path", entry.path().toString())
                    .put("name", entry.name())
                    .put("sha256", sent.sha256())
                    .put("sent", sent.bytes())
                    .put("before", sent.before())
                    .toString());
        } else if (!entry.isDirectory()) {
            console.print(sent.sha256() + "  " + entry.path());
        }
    }
}
