package io.weir.samples.cli.file;

import io.weir.core.error.StreamStopped;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.samples.cli.progress.Progress;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends a file and waits for its receipt. */
public final class FileSender {

    /** The name under which a stream with a file is opened. */
    public static final String STREAM = "weir.file";

    private FileSender() {}

    /**
     * Sends a file under a name.
     *
     * @param progress told by the reading thread; the caller's to close
     * @return cold; emits the SHA-256 once the receiver has verified the whole file. Fails with
     *     {@link TransferException} if the receiver refused it, or with what ended the stream or the session
     */
    public static Mono<String> send(PeerSession session, OutgoingFile file, String name, Progress progress) {
        return Mono.defer(() -> {
            StreamOpen open = StreamOpen.named(STREAM)
                    .forHandler()
                    .withHeaders(file.offerAs(name).toHeaders());
            PeerStream stream = session.openStream(StreamId.unique(), open, StreamConfig.reliable());
            // A receiver that refuses may stop the content; the receipt says why, and counts at once.
            Mono<String> content = stream.send(file.elements(progress), Codec.buffers())
                    .onErrorResume(StreamStopped.class, stopped -> Mono.empty())
                    .then(Mono.empty());
            Flux<String> receipt = stream.receive(Receipt.CODEC).map(answer -> verified(answer, file));
            return Flux.merge(content, receipt)
                    .singleOrEmpty()
                    .switchIfEmpty(Mono.error(() -> new TransferException("the receiver stopped without a receipt")));
        });
    }

    private static String verified(Receipt receipt, OutgoingFile file) {
        if (receipt instanceof Receipt.Refused refused) {
            throw new TransferException("the receiver refused it: " + refused.reason());
        }
        String sent = file.sha256();
        String arrived = ((Receipt.Verified) receipt).sha256();
        if (!arrived.equals(sent)) {
            throw new TransferException("the receiver's receipt is for another SHA-256: " + arrived);
        }
        return arrived;
    }
}
