package io.weir.samples.cli.file;

import io.weir.core.error.StreamStopped;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.samples.cli.progress.Progress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Sends a file and waits until its receiver has verified it. */
public final class FileSender {

    /** The name under which a stream with a file is opened. */
    public static final String STREAM = "weir.file";

    private final OutgoingFile file;
    private final FileOffer offer;
    private final Progress progress;
    private final Sinks.One<Answer> first = Sinks.one();
    private final Sinks.One<Answer.From> second = Sinks.one();

    /** What the receiver said it has. The session's loop only. */
    private long had;

    private FileSender(OutgoingFile file, FileOffer offer, Progress progress) {
        this.file = file;
        this.offer = offer;
        this.progress = progress;
    }

    /**
     * Sends a file as it is offered; of what the receiver has already, and can prove, only the rest.
     *
     * @param progress told by the reading thread; the caller's to close
     * @return cold; emits the SHA-256 once the receiver has verified the whole file. Fails with
     *     {@link TransferException} if the receiver refused it, or with what ended the stream or the session
     */
    public static Mono<String> send(PeerSession session, OutgoingFile file, FileOffer offer, Progress progress) {
        return Mono.defer(() -> new FileSender(file, offer, progress).over(session));
    }

    private Mono<String> over(PeerSession session) {
        StreamOpen open = StreamOpen.named(STREAM).forHandler().withHeaders(offer.toHeaders());
        PeerStream stream = session.openStream(StreamId.unique(), open, StreamConfig.reliable());
        // A receiver that refuses may stop the content; its answer says why, and counts at once.
        Mono<String> content = stream.send(content(), Codec.buffers())
                .onErrorResume(StreamStopped.class, stopped -> Mono.empty())
                .then(Mono.empty());
        Flux<String> verified = stream.receive(Answer.CODEC)
                .<String>handle((answer, sink) -> {
                    String sha256 = heard(answer);
                    if (sha256 != null) {
                        sink.next(sha256);
                    }
                })
                .doOnTerminate(() -> {
                    first.tryEmitEmpty();
                    second.tryEmitEmpty();
                });
        return Flux.merge(content, verified)
                .singleOrEmpty()
                .switchIfEmpty(Mono.error(() -> new TransferException("the receiver stopped without a receipt")));
    }

    private Flux<ByteBuffer> content() {
        if (!offer.asks()) {
            return file.elements(progress);
        }
        return first.asMono().flatMapMany(answer -> {
            if (answer instanceof Answer.Have have) {
                return Flux.concat(
                        file.digestOf(have.bytes()),
                        second.asMono().flatMapMany(from -> file.elementsFrom(from.offset(), progress)));
            }
            return file.elements(progress);
        });
    }

    /** The digest, if that was the last answer. */
    private @Nullable String heard(Answer answer) {
        if (answer instanceof Answer.Refused refused) {
            throw new TransferException("the receiver refused it: " + refused.reason());
        } else if (answer instanceof Answer.Verified verified) {
            return checked(verified);
        }
        if (!(answer instanceof Answer.Have have ? takes(have) : takes((Answer.From) answer))) {
            throw new TransferException("the receiver asks for what there is not: " + answer);
        }
        return null;
    }

    private boolean takes(Answer.Have have) {
        had = have.bytes();
        return had >= 1 && had <= offer.size() && first.tryEmitValue(have).isSuccess();
    }

    private boolean takes(Answer.From from) {
        boolean fromTheStart = from.offset() == 0;
        return had == 0
                ? fromTheStart && first.tryEmitValue(from).isSuccess()
                : (fromTheStart || from.offset() == had)
                        && second.tryEmitValue(from).isSuccess();
    }

    private String checked(Answer.Verified verified) {
        String sent = file.sha256();
        String arrived = verified.sha256();
        if (!arrived.equals(sent)) {
            throw new TransferException("the receiver's receipt is for another SHA-256: " + arrived);
        }
        return arrived;
    }
}
