package io.weir.samples.nodes;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * From top to bottom: a request that is waited for, a stream that is read by a loop, and a handler that blocks. On a JDK of 25
 * give it virtual threads, {@code Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor())}.
 */
public final class Blocking {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Codec<Integer> NUMBERS = Codec.json(Integer.class);

    private Blocking() {}

    public static void main(String[] args) {
        runNow(Schedulers.boundedElastic(), System.out::println);
    }

    static void runNow(Scheduler mayBlock, Consumer<String> log) {
        RequestHandler squares = RequestHandler.typed(NUMBERS, NUMBERS, n -> Mono.fromCallable(() -> slowSquareNow(n)));
        PeerNode server = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onStream("numbers", stream -> stream.send(Flux.range(1, 1_000_000), NUMBERS))
                .onRequest("square", squares.on(mayBlock))
                .startNow(PATIENCE);
        PeerNode client = Weir.node().startNow(PATIENCE);
        PeerSession session = client.connectNow(server.addresses().get(0), PATIENCE);

        try (Stream<Integer> numbers = session.subscribe("numbers", NUMBERS).toStream(16)) {
            numbers.limit(3)
                    .forEach(n -> log.accept(n + " squared is "
                            + session.request("square", n, NUMBERS, NUMBERS).block(PATIENCE)));
        } // closing it cancels the stream, and the publisher at the server

        client.close().block(PATIENCE);
        server.close().block(PATIENCE);
    }

    /** Waits, as a database would let it. */
    private static int slowSquareNow(int n) {
        return Mono.just(n * n)
                .delayElement(Duration.ofMillis(10))
                .blockOptional(PATIENCE)
                .orElseThrow();
    }
}
