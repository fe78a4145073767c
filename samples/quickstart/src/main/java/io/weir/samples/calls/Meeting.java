package io.weir.samples.calls;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The advanced form: two sides meet on one stream, whoever comes first, because both know its id. One draws the id and tells it by
 * a message; then each opens it, without a handler.
 */
public final class Meeting {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Codec<String> TEXT = Codec.utf8();

    private Meeting() {}

    public static void main(String[] args) {
        runNow(System.out::println);
    }

    static void runNow(Consumer<String> log) {
        PeerNode bob = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onMessage("meet", MessageHandler.typed(Codec.json(Long.class), (message, id) -> {
                    PeerStream stream = open(message.session(), new StreamId(id));
                    return stream.send(stream.receive(TEXT).map(word -> word + " to you"), TEXT);
                }))
                .startNow(PATIENCE);
        PeerNode alice = Weir.node().startNow(PATIENCE);
        PeerSession session = alice.connectNow(bob.addresses().get(0), PATIENCE);

        StreamId id = StreamId.unique();
        PeerStream stream = open(session, id);
        session.send("meet", id.value(), Codec.json(Long.class)).block(PATIENCE);
        stream.send(Flux.just("good morning", "good night"), TEXT).subscribe();
        stream.receive(TEXT).doOnNext(log).blockLast(PATIENCE);

        Mono.when(alice.close(), bob.close()).block(PATIENCE);
    }

    private static PeerStream open(PeerSession session, StreamId id) {
        return session.openStream(id, StreamOpen.named("meeting"), StreamConfig.reliable());
    }
}
