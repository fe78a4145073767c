package io.weir.samples.cli.file;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.codec.Codec;
import io.weir.samples.cli.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Takes the files that peers send into one directory. Nothing appears there under its name before it is whole and its
 * SHA-256 verified; then the sender is told so. What is there of a file whose sender was lost stays, under a hidden name, for
 * one that can prove to send the same. A slow disk stops the sender: at most {@value #CHUNKS_AHEAD} chunks and the stream's
 * window are ahead of it.
 */
public final class FileReceiver implements StreamHandler {

    private static final int CHUNKS_AHEAD = 32;

    private final Parts parts;
    private final Path directory;
    private final boolean overwrite;
    private final Listener listener;
    private final Set<IncomingFile> open = ConcurrentHashMap.newKeySet();

    /** Hears what becomes of each file. Called on a thread that may block, for one file never at the same time. */
    public interface Listener {
        /** A file is offered, and will be heard of once more. */
        Progress begins(PeerSession session, FileOffer offer);

        /** A file is there, verified, and its sender knows or is gone. Must not throw. */
        void received(Received file);

        /** It did not come; why, in one line. {@code offered} is false if nothing had begun: it was no offer. */
        void failed(PeerSession session, boolean offered, String reason);
    }

    /** A file that is there. */
    public record Received(PeerSession session, Path path, Figures figures, String sha256) {}

    public FileReceiver(Path directory, boolean overwrite, Listener listener) {
        this.directory = directory;
        parts = new Parts(directory);
        this.overwrite = overwrite;
        this.listener = listener;
    }

    /** The work goes on when the stream ends under it: a verified file is announced even if its sender is gone. */
    @Override
    public Publisher<Void> handle(PeerStream stream) {
        Sinks.Empty<Void> done = Sinks.empty();
        new Intake(stream).run().subscribe(null, done::tryEmitError, done::tryEmitEmpty);
        return done.asMono();
    }

    /** Ends what is not complete, at once: for the end of the process. */
    public void discardUnfinished() {
        open.forEach(file -> close(file, true));
    }

    /** One stream and the file on it. */
    private final class Intake {
        private final PeerStream stream;
        private final Answers answers;
        private @Nullable FileOffer offered;
        private Progress progress = Progress.none();

        Intake(PeerStream stream) {
            this.stream = stream;
            answers = new Answers(stream);
        }

        Mono<Void> run() {
            return receive()
                    .flatMap(file -> answers.sayLast(new Answer.Verified(file.sha256()))
                            .then(told(() -> listener.received(file))))
                    .onErrorResume(e ->
                            refuse(e).then(told(() -> listener.failed(stream.session(), offered != null, causeOf(e)))));
        }

        private Mono<Received> receive() {
            long startNanos = System.nanoTime();
            return Mono.usingWhen(
                            Mono.fromCallable(this::begin).subscribeOn(Schedulers.boundedElastic()),
                            file -> write(file)
                                    .map(sha256 -> new Received(
                                            stream.session(),
                                            directory.resolve(file.name()),
                                            new Figures(
                                                    file.arrived(),
                                                    file.before(),
                                                    Duration.ofNanos(System.nanoTime() - startNanos)),
                                            sha256)),
                            file -> closed(file, false),
                            (file, e) -> closed(file, e instanceof WeirException),
                            file -> closed(file, true))
                    .doOnDiscard(IncomingFile.class, file -> close(file, false))
                    .doFinally(signal -> progress.close());
        }

        private IncomingFile begin() {
            FileOffer offer = FileOffer.of(stream.headers());
            progress = listener.begins(stream.session(), offer);
            offered = offer;
            IncomingFile file = IncomingFile.create(parts, offer, overwrite);
            open.add(file);
            if (offer.asks()) {
                answers.say(file.start());
            }
            return file;
        }

        private Mono<String> write(IncomingFile file) {
            return stream.receive(Codec.buffers())
                    .publishOn(Schedulers.boundedElastic(), CHUNKS_AHEAD)
                    .doOnNext(element -> {
                        int length = element.remaining();
                        Answer answer = file.accept(element);
                        if (answer != null) {
                            answers.say(answer);
                            progress.skip(((Answer.From) answer).offset());
                        } else {
                            progress.advance(length);
                        }
                    })
                    .then(Mono.fromCallable(file::finish));
        }

        /** For this end's people, who can look after their machine. */
        private String causeOf(Throwable e) {
            if (e instanceof WeirException broken) {
                FileOffer offer = offered;
                ErrorCode code = broken.reason().error();
                return "the sender broke off" + (offer == null ? "" : " '" + offer.name() + "'") + ": "
                        + (code == ErrorCode.APPLICATION_ERROR ? "it could not go on" : code.description());
            }
            return e instanceof TransferException
                    ? reasonOf(e)
                    : reasonOf(e) + " (" + Printable.line(e.toString()) + ")";
        }

        private Mono<Void> refuse(Throwable e) {
            if (e instanceof WeirException) {
                answers.end(); // who broke off waits for no answer
                return Mono.empty();
            }
            return answers.sayLast(new Answer.Refused(reasonOf(e)));
        }
    }

    /** Tells it off the loop, which must not wait for whoever reads what is written. */
    private static Mono<Void> told(Runnable news) {
        return Mono.<Void>fromRunnable(news).subscribeOn(Schedulers.boundedElastic());
    }

    private Mono<Void> closed(IncomingFile file, boolean worthKeeping) {
        return Mono.<Void>fromRunnable(() -> close(file, worthKeeping)).subscribeOn(Schedulers.boundedElastic());
    }

    private void close(IncomingFile file, boolean worthKeeping) {
        open.remove(file);
        try {
            file.close(worthKeeping);
            if (worthKeeping) {
                parts.prune();
            }
        } catch (IOException | UncheckedIOException e) {
            // What cannot be deleted keeps its temporary name, which no receiver takes for a file.
        }
    }

    /** For the peer: nothing about this machine. */
    private static String reasonOf(Throwable e) {
        String message = e.getMessage();
        return e instanceof TransferException && message != null ? message : "the receiver failed";
    }
}
