package io.weir.samples.nodes;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerStream;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Sends one value after the other by {@code trySend}, waits when it is refused, and learns why it is over. */
public final class Readiness {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WANTED = 2_000;

    private Readiness() {}

    public static void main(String[] args) {
        runNow(System.out::println);
    }

    static void runNow(Consumer<String> log) {
        Sinks.Empty<Void> outOfCredit = Sinks.empty();
        PeerNode server = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onStream(
                        "notes",
                        stream -> stream.receive(Codec.utf8())
                                .delaySubscription(outOfCredit.asMono()) // a reader that is late
                                .take(WANTED)
                                .then())
                .startNow(PATIENCE);
        PeerNode client = Weir.node().startNow(PATIENCE);
        PeerStream notes = client.connectNow(server.addresses().get(0), PATIENCE)
                .openStream("notes", StreamConfig.reliable().withFixedWindow(16 * 1_024));

        AtomicInteger refused = new AtomicInteger();
        Mono<TrySend> sendOne = Mono.fromCallable(() -> notes.trySend("a note", Codec.utf8()))
                .filter(answer -> answer != TrySend.BACKPRESSURE)
                .repeatWhenEmpty(refusals -> refusals.doOnNext(n -> {
                            refused.incrementAndGet();
                            outOfCredit.tryEmitEmpty();
                        })
                        .concatMap(n -> notes.sendable().thenReturn(n)));
        Long sent = Flux.from(sendOne.repeat())
                .takeWhile(answer -> answer == TrySend.OK)
                .count()
                .block(PATIENCE);

        log.accept("at least " + WANTED + " were sent: " + (sent != null && sent >= WANTED));
        log.accept("some had to wait: " + (refused.get() > 0));
        log.accept("over because: "
                + notes.closeReason().orElseThrow().error() + ", by the peer: "
                + notes.closeReason().orElseThrow().origin());
        Mono.when(client.close(), server.close()).block(PATIENCE);
    }
}
