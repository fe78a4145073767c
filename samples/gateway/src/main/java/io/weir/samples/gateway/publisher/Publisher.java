package io.weir.samples.gateway.publisher;

import io.weir.Weir;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.samples.gateway.Price;
import io.weir.samples.gateway.Quote;
import io.weir.samples.gateway.RequestId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A publisher in a process of its own: {@code Publisher <key file> <port>}. The key file is made if there is none; port 0 takes a free
 * one. Prints its address, and stops in good order when it is told to (SIGTERM).
 */
public final class Publisher {

    private static final Duration PERIOD = Duration.ofMillis(10);
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final String source;

    private Publisher(String source) {
        this.source = source;
    }

    public static void main(String[] args) {
        Path key = Path.of(args[0]);
        Identity identity = Files.exists(key) ? Identity.load(key) : generated(key);
        Publisher publisher = new Publisher("process " + ProcessHandle.current().pid());
        PeerNode node = Weir.node()
                .identity(identity)
                .context(RequestId::toHeaders, RequestId::toContext)
                .listen(PeerAddress.tcp("127.0.0.1", Integer.parseInt(args[1])))
                .onStream("quotes", publisher::quotes)
                .onRequest("price", RequestHandler.typed(Codec.utf8(), Codec.json(Price.class), publisher::price))
                .startNow(Duration.ofSeconds(60));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> node.shutdown(GRACE).block()));
        System.out.println(node.addresses().get(0));
        node.onClose().block();
    }

    private static Identity generated(Path key) {
        Identity identity = Identity.generate();
        identity.save(key);
        return identity;
    }

    /** Endless, so it says 'going away' where it is not complete. */
    private Mono<Void> quotes(PeerStream stream) {
        String symbol = Objects.requireNonNull(stream.headers().text("symbol"), "header symbol");
        long from = Long.parseLong(Objects.requireNonNull(stream.headers().text("from"), "header from"));
        Flux<Quote> quotes = Flux.interval(PERIOD)
                .onBackpressureDrop()
                .index((index, tick) -> new Quote(symbol, from + index, cents(symbol, from + index), source));
        return stream.send(quotes.takeUntilOther(stream.session().goingAway()), Codec.json(Quote.class));
    }

    private Mono<Price> price(String symbol) {
        return RequestId.current().map(id -> new Price(symbol, cents(symbol, 0), source, id));
    }

    /** A market that any run of this program agrees on. */
    private static long cents(String symbol, long number) {
        return 10_000 + Math.floorMod(31L * symbol.hashCode() + 17 * number, 500);
    }
}
