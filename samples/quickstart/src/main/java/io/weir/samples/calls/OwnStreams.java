package io.weir.samples.calls;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Two subscribers of one {@code Flux}: each has a stream of its own, from its first number on. */
public final class OwnStreams {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Codec<Integer> NUMBERS = Codec.json(Integer.class);

    private OwnStreams() {}

    public static void main(String[] args) {
        runNow(System.out::println);
    }

    static void runNow(Consumer<String> log) {
        PeerNode server = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onStream("numbers", stream -> stream.send(Flux.range(1, 1_000_000), NUMBERS))
                .startNow(PATIENCE);
        PeerNode client = Weir.node().startNow(PATIENCE);
        PeerSession session = client.connectNow(server.addresses().get(0), PATIENCE);

        Flux<Integer> numbers = session.subscribe("numbers", NUMBERS);
        log.accept("the first gets " + numbers.take(3).collectList().block(PATIENCE));
        log.accept("the second gets " + numbers.take(4).collectList().block(PATIENCE));
        log.accept("live sessions: " + client.liveSessions().size());

        Mono.when(client.close(), server.close()).block(PATIENCE);
    }
}
