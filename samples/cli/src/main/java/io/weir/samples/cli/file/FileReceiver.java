package io.weir.samples.cli.file;

import io.weir.core.error.WeirException;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.codec.Codec;
import io.weir.samples.cli.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Takes the files that peers send into one directory. Nothing appears there under its name before it is whole and its
 * SHA-256 verified; then the sender gets its receipt. Writing a slow disk stops the sender: at most
 * {@value #CHUNKS_AHEAD} chunks and the stream's window are ahead of it.
 */
public final class FileReceiver implements StreamHandler {

    private static final int CHUNKS_AHEAD = 32;
    private static final Duration RECEIPT_TIMEOUT = Duration.ofSeconds(10);

    private final Path directory;
    private final boolean overwrite;
    private final Listener listener;
    private final Set<IncomingFile> open = ConcurrentHashMap.newKeySet();

    /** Hears what becomes of each file. Called on a thread that may block, for one file never at the same time. */
    public interface Listener {
        /** A file begins to arrive. */
        Progress begins(PeerId from, FileOffer offer);

        /** A file is there, verified, and its sender knows or is gone. Must not throw. */
        void received(Received file);

        /** Nothing was kept; why, in one line. */
        void failed(PeerId from, String reason);
    }

    /** A file that is there. */
    public record Received(PeerId from, Path path, long size, String sha256, Duration elapsed) {}

    public FileReceiver(Path directory, boolean overwrite, Listener listener) {
        this.directory = directory;
        this.overwrite = overwrite;
        this.listener = listener;
    }

    /** The work goes on when the stream ends under it: a verified file is announced even if its sender is gone. */
    @Override
    public Publisher<Void> handle(PeerStream stream) {
        Sinks.Empty<Void> done = Sinks.empty();
        PeerId from = stream.session().peer();
        Mono.defer(() -> receive(stream))
                .flatMap(file ->
                        answer(stream, new Receipt.Verified(file.sha256())).then(told(() -> listener.received(file))))
                .onErrorResume(e -> refuse(stream, e).then(told(() -> listener.failed(from, causeOf(e)))))
                .subscribe(null, done::tryEmitError, done::tryEmitEmpty);
        return done.asMono();
    }

    /** Deletes what is not complete, at once: for the end of the process. */
    public void discardUnfinished() {
        open.forEach(this::close);
    }

    private Mono<Received> receive(PeerStream stream) {
        FileOffer offer = FileOffer.of(stream.headers());
        PeerId from = stream.session().peer();
        long startNanos = System.nanoTime();
        return Mono.usingWhen(
                        Mono.fromCallable(() -> open(offer)).subscribeOn(Schedulers.boundedElastic()),
                        file -> write(stream, file, listener.begins(from, offer))
                                .map(sha256 -> new Received(
                                        from,
                                        directory.resolve(offer.name()),
                                        file.received(),
                                        sha256,
                                        Duration.ofNanos(System.nanoTime() - startNanos))),
                        file -> Mono.fromRunnable(() -> close(file)).subscribeOn(Schedulers.boundedElastic()))
                .doOnDiscard(IncomingFile.class, this::close);
    }

    private Mono<String> write(PeerStream stream, IncomingFile file, Progress progress) {
        return stream.receive(Codec.buffers())
                .publishOn(Schedulers.boundedElastic(), CHUNKS_AHEAD)
                .doOnNext(element -> {
                    int length = element.remaining();
                    file.accept(element);
                    progress.advance(length);
                })
                .then(Mono.fromCallable(file::finish))
                .doFinally(signal -> progress.close());
    }

    /** Tells it off the loop, which must not wait for whoever reads what is written. */
    private static Mono<Void> told(Runnable news) {
        return Mono.<Void>fromRunnable(news).subscribeOn(Schedulers.boundedElastic());
    }

    private static Mono<Void> refuse(PeerStream stream, Throwable e) {
        // Who broke off waits for no receipt.
        return e instanceof WeirException ? Mono.empty() : answer(stream, new Receipt.Refused(reasonOf(e)));
    }

    private static Mono<Void> answer(PeerStream stream, Receipt receipt) {
        // Whether the sender hears it changes nothing here: what is received stays, what is refused is gone.
        return stream.send(Mono.just(receipt), Receipt.CODEC)
                .timeout(RECEIPT_TIMEOUT)
                .onErrorComplete();
    }

    private IncomingFile open(FileOffer offer) {
        IncomingFile file = IncomingFile.create(directory, offer, overwrite);
        open.add(file);
        return file;
    }

    private void close(IncomingFile file) {
        open.remove(file);
        try {
            file.close();
        } catch (IOException e) {
            // What cannot be deleted keeps its temporary name, which no receiver takes for a file.
        }
    }

    /** For this end's people, who can look after their machine. */
    private static String causeOf(Throwable e) {
        return e instanceof WeirException || e instanceof TransferException
                ? reasonOf(e)
                : reasonOf(e) + " (" + Printable.line(e.toString()) + ")";
    }

    /** For the peer: nothing about this machine. */
    private static String reasonOf(Throwable e) {
        if (e instanceof WeirException broken) {
            return "the sender broke off: " + broken.reason().error().description();
        }
        String message = e.getMessage();
        return e instanceof TransferException && message != null ? message : "the receiver failed";
    }
}
