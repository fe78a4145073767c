package io.weir.samples.tracing;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * Three nodes: a client asks a shop what something costs, and the shop asks a warehouse whether it is there. Both log what they
 * do under the id of the client's trace, which none of the handlers mentions: {@link TraceId} carries it.
 */
public final class Tracing {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Tracing() {}

    /** Asks twice, under two ids. */
    public static void main(String[] args) {
        runNow(System.out::println);
    }

    static void runNow(Consumer<String> log) {
        PeerNode warehouse = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .intercept(new TraceId("warehouse", log))
                .onRequest("stock", RequestHandler.typed(Codec.utf8(), Codec.utf8(), item -> stock(item, log)))
                .startNow(PATIENCE);
        Sinks.One<PeerSession> stock = Sinks.one();
        PeerNode shop = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .intercept(new TraceId("shop", log))
                .onRequest(
                        "price", RequestHandler.typed(Codec.utf8(), Codec.utf8(), item -> price(item, stock.asMono())))
                .startNow(PATIENCE);
        stock.tryEmitValue(shop.connectNow(warehouse.addresses().get(0), PATIENCE));
        PeerNode client = Weir.node().intercept(new TraceId("client", log)).startNow(PATIENCE);
        PeerSession session = client.connectNow(shop.addresses().get(0), PATIENCE);

        for (String id : new String[] {"7f3a", "b2c9"}) {
            String answer = session.request("price", "chair", Codec.utf8(), Codec.utf8())
                    .contextWrite(Context.of(TraceId.TRACE, id))
                    .block(PATIENCE);
            log.accept("[" + id + "] client was told: " + answer);
        }
        Mono.when(client.close(), shop.close(), warehouse.close()).block(PATIENCE);
    }

    /** What the shop says: it asks the warehouse, under the id in its own context, of which nothing is said here. */
    private static Mono<String> price(String item, Mono<PeerSession> stock) {
        return stock.flatMap(warehouse -> warehouse.request("stock", item, Codec.utf8(), Codec.utf8()))
                .map(left -> "42, " + left + " left");
    }

    private static Mono<String> stock(String item, Consumer<String> log) {
        return Mono.deferContextual(context -> {
            log.accept("[" + context.get(TraceId.TRACE) + "] warehouse counts " + item + "s");
            return Mono.just("3");
        });
    }
}
