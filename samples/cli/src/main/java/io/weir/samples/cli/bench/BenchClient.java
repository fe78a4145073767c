package io.weir.samples.cli.bench;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.samples.cli.ping.RoundTrips;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Measures what a session with a {@link BenchServer} does, one thing after the other. */
public final class BenchClient {

    static final int CHUNK_BYTES = 16 * 1024;

    private static final int SMALL_BYTES = 64;
    private static final int AT_ONCE = 64;
    private static final int MOST_ROUND_TRIPS = 1_000_000;

    private final PeerSession session;
    private final Duration time;

    /** @param time how long each thing is measured */
    public BenchClient(PeerSession session, Duration time) {
        this.session = session;
        this.time = time;
    }

    /** All of it, each when it is known. Cold; fails with what ended the session. */
    public Flux<Measure> measures() {
        Mono<byte[]> echo = session.request(BenchServer.ECHO, new byte[0], Codec.bytes(), Codec.bytes());
        return Flux.concat(
                echo.then(roundTrips()), // whoever is not there for this says so at once
                requests(),
                streamThere("stream there, 64 B", SMALL_BYTES),
                streamThere("stream there, 16 KiB", CHUNK_BYTES),
                streamBack(),
                network());
    }

    private Mono<Measure> roundTrips() {
        RoundTrips roundTrips = new RoundTrips(MOST_ROUND_TRIPS);
        return timed(session.ping()
                        .repeat()
                        .take(MOST_ROUND_TRIPS)
                        .takeUntilOther(Mono.delay(time))
                        .doOnNext(roundTrips::add)
                        .then())
                .map(elapsed -> roundTrips
                        .spread()
                        .map(spread -> new Measure("round trips, one at a time", spread.count(), 0, elapsed, spread))
                        .orElseGet(() -> new Measure("round trips, one at a time", 0, 0, elapsed, null)));
    }

    private Mono<Measure> requests() {
        byte[] payload = new byte[SMALL_BYTES];
        AtomicLong count = new AtomicLong();
        Mono<byte[]> request = session.request(BenchServer.ECHO, payload, Codec.bytes(), Codec.bytes());
        return timed(Flux.range(0, Integer.MAX_VALUE)
                        .takeUntilOther(Mono.delay(time))
                        .flatMap(i -> request, AT_ONCE)
                        .doOnNext(reply -> count.incrementAndGet())
                        .then())
                .map(elapsed -> new Measure("requests of 64 B, 64 at once", count.get(), 0, elapsed, null));
    }

    private Mono<Measure> streamThere(String what, int bytes) {
        ByteBuffer element = ByteBuffer.allocate(bytes);
        AtomicLong count = new AtomicLong();
        Flux<ByteBuffer> elements = Flux.<ByteBuffer>generate(sink -> {
                    count.incrementAndGet();
                    sink.next(element);
                })
                .takeUntilOther(Mono.delay(time));
        return timed(Mono.defer(() -> session.openStream(BenchServer.TAKE, StreamConfig.reliable())
                        .send(elements, Codec.buffers())))
                .map(elapsed -> new Measure(what, count.get(), count.get() * bytes, elapsed, null));
    }

    private Mono<Measure> streamBack() {
        AtomicLong count = new AtomicLong();
        return timed(Mono.defer(() -> session.openStream(BenchServer.SEND, StreamConfig.reliable())
                        .receive(Codec.buffers())
                        .doOnNext(element -> count.incrementAndGet())
                        .takeUntilOther(Mono.delay(time))
                        .then()))
                .map(elapsed ->
                        new Measure("stream back, 16 KiB", count.get(), count.get() * CHUNK_BYTES, elapsed, null));
    }

    private Mono<Measure> network() {
        AtomicLong bytes = new AtomicLong();
        return session.request(BenchServer.NETWORK, new byte[0], Codec.bytes(), Codec.bytes())
                .flatMap(ticket -> timed(Mono.fromCallable(
                                () -> NetworkSink.send(host(), new String(ticket, StandardCharsets.UTF_8), time))
                        .subscribeOn(Schedulers.boundedElastic())
                        .doOnNext(bytes::set)
                        .then()))
                .map(elapsed -> new Measure(
                        "network itself, TCP in the clear", bytes.get() / CHUNK_BYTES, bytes.get(), elapsed, null));
    }

    private String host() {
        SocketAddress address = session.remoteAddress();
        return address instanceof InetSocketAddress inet ? inet.getHostString() : "127.0.0.1";
    }

    private static Mono<Duration> timed(Mono<Void> work) {
        return Mono.defer(() -> {
            long startNanos = System.nanoTime();
            return work.then(Mono.fromSupplier(() -> Duration.ofNanos(System.nanoTime() - startNanos)));
        });
    }
}
