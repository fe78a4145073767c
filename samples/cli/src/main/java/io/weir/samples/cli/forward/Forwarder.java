package io.weir.samples.cli.forward;

import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Carries connections of TCP, each over a stream of its own, opened by the end that accepts. A direction that ends, ends at the
 * other side while the other direction goes on; one that breaks off breaks off both. Who does not read stops who writes. Any
 * thread.
 */
public final class Forwarder implements AutoCloseable {

    /** The name under which a stream with a connection is opened. */
    public static final String STREAM = "weir.tcp";

    /** How both ends treat it. */
    public static final StreamConfig CONFIG = StreamConfig.reliable();

    private static final Duration SESSION_WAIT = Duration.ofSeconds(10);

    private final TcpPorts ports = new TcpPorts();
    private final AtomicInteger connections = new AtomicInteger();
    private final int mostConnections;
    private final BiConsumer<String, Throwable> failures;

    /**
     * @param mostConnections beyond them, one that comes is broken off at once
     * @param failures is told which connection, by its place, went wrong and why; any thread, must not block
     */
    public Forwarder(int mostConnections, BiConsumer<String, Throwable> failures) {
        this.mostConnections = mostConnections;
        this.failures = failures;
    }

    /**
     * Accepts connections and carries each to the peer. Cold.
     *
     * @param place its host and port; the scheme counts for nothing
     * @param session the peer's, now or soon; a connection waits {@code 10 s} for it
     * @return where it listens; fails with {@link java.io.IOException}
     */
    public Mono<InetSocketAddress> accept(PeerAddress place, Supplier<Mono<PeerSession>> session) {
        return ports.accept(
                place.host(),
                place.port(),
                socket -> carried(
                                socket.toString(),
                                session.get()
                                        .timeout(
                                                SESSION_WAIT, Mono.error(() -> new IOException("no peer is connected")))
                                        .map(peer -> peer.openStream(
                                                StreamId.unique(),
                                                StreamOpen.named(STREAM).forHandler(),
                                                CONFIG))
                                        .flatMap(stream -> join(stream, socket))
                                        .doOnError(e -> socket.reset()),
                                socket::reset)
                        .subscribe(null, e -> {}));
    }

    /**
     * Takes the peer's streams and connects each to that place.
     *
     * @param place its host and port; the scheme counts for nothing
     */
    public StreamHandler connect(PeerAddress place) {
        String name = place.host() + ":" + place.port();
        return stream -> carried(
                name, ports.connect(place.host(), place.port()).flatMap(socket -> join(stream, socket)), () -> {});
    }

    /** Breaks off all connections. */
    @Override
    public void close() {
        ports.close();
    }

    private Mono<Void> carried(String what, Mono<Void> work, Runnable ifTooMany) {
        return Mono.defer(() -> {
            if (connections.incrementAndGet() > mostConnections) {
                connections.decrementAndGet();
                ifTooMany.run();
                IllegalStateException full =
                        new IllegalStateException("broken off, there are " + mostConnections + " connections already");
                failures.accept(what, full);
                return Mono.error(full);
            }
            return work.doOnError(e -> failures.accept(what, e)).doFinally(signal -> connections.decrementAndGet());
        });
    }

    private static Mono<Void> join(PeerStream stream, TcpSocket socket) {
        Mono<Void> sent = stream.send(socket.input(), Codec.buffers());
        Mono<Void> received = socket.output(stream.receive(Codec.buffers()));
        return Mono.when(sent, received)
                .doOnSuccess(done -> socket.close())
                .doOnError(e -> socket.reset())
                .doOnCancel(socket::reset);
    }
}
