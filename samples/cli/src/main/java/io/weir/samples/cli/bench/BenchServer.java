package io.weir.samples.cli.bench;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The end that is measured: takes what comes, sends what is asked for, echoes. */
public final class BenchServer {

    static final String TAKE = "weir.bench.take";
    static final String SEND = "weir.bench.send";
    static final String ECHO = "weir.bench.echo";
    static final String NETWORK = "weir.bench.network";

    private static final ByteBuffer CHUNK = ByteBuffer.allocate(BenchClient.CHUNK_BYTES);

    private BenchServer() {}

    /**
     * Such a node.
     *
     * @param host of its machine, where the network's own rate is measured at a port that is opened for it
     */
    public static PeerNodeSpec on(PeerNodeSpec node, String host) {
        return node.onStream(TAKE, StreamConfig.reliable(), BenchServer::take)
                .onStream(SEND, StreamConfig.reliable(), BenchServer::send)
                .onRequest(ECHO, request -> Mono.just(request.payload()))
                .onRequest(
                        NETWORK,
                        request -> Mono.fromCallable(() -> NetworkSink.open(InetAddress.getByName(host)))
                                .subscribeOn(Schedulers.boundedElastic())
                                .map(sink -> StandardCharsets.UTF_8.encode(sink.ticket())));
    }

    private static Publisher<Void> take(PeerStream stream) {
        return stream.receive(Codec.buffers()).then();
    }

    /** Until the other end has enough. */
    private static Publisher<Void> send(PeerStream stream) {
        return stream.send(Flux.<ByteBuffer>generate(sink -> sink.next(CHUNK)), Codec.buffers())
                .onErrorComplete();
    }
}
