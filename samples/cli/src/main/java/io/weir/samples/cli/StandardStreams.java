package io.weir.samples.cli;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamStopped;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import io.weir.samples.cli.file.TransferException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/** An input and an output, joined with a stream in both directions by demand, off the event loop. */
final class StandardStreams {

    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int CHUNKS_AHEAD = 32;
    private static final Set<ErrorCode> NOT_TAKEN =
            Set.of(ErrorCode.REFUSED, ErrorCode.UNCLAIMED, ErrorCode.STREAM_CLOSED);

    private final InputStream in;
    private final OutputStream out;
    private final boolean noInput;

    StandardStreams(InputStream in, OutputStream out, boolean noInput) {
        this.in = in;
        this.out = out;
        this.noInput = noInput;
    }

    /** Completes when both directions have ended well. */
    Mono<Void> joinWith(PeerStream stream) {
        Mono<Void> received = stream.receive(Codec.buffers())
                .publishOn(Schedulers.boundedElastic(), CHUNKS_AHEAD)
                .doOnNext(this::write)
                .then();
        Mono<Void> sent = stream.send(noInput ? Flux.empty() : input(), Codec.buffers())
                .onErrorMap(
                        StreamStopped.class,
                        e -> isNotTaken(e)
                                ? e
                                : new TransferException("the other end reads no more; input may be lost", e));
        return Mono.when(received, sent);
    }

    /** Nothing reads there, and nothing ever did. */
    private static boolean isNotTaken(StreamStopped stopped) {
        return NOT_TAKEN.contains(stopped.reason().error());
    }

    private Flux<ByteBuffer> input() {
        return Flux.<ByteBuffer>generate(this::read).subscribeOn(Schedulers.boundedElastic());
    }

    /** Whatever is there, so that a line typed goes out as it is typed. */
    private void read(SynchronousSink<ByteBuffer> sink) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            int length = in.read(chunk);
            if (length < 0) {
                sink.complete();
            } else {
                sink.next(ByteBuffer.wrap(chunk, 0, length));
            }
        } catch (IOException e) {
            sink.error(new TransferException("standard input cannot be read: " + e.getMessage(), e));
        }
    }

    private void write(ByteBuffer element) {
        byte[] bytes = new byte[element.remaining()];
        element.get(bytes);
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new TransferException("standard output cannot be written: " + e.getMessage(), e);
        }
    }
}
