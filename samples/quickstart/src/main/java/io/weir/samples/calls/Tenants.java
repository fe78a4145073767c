package io.weir.samples.calls;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What goes along with a call: headers that the caller gives and the handler sees, and an entry of the Reactor context that no
 * call mentions and every handler's publisher has.
 */
public final class Tenants {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TENANT = "tenant";
    private static final Codec<String> TEXT = Codec.utf8();
    private static final Headers EURO = Headers.of("currency", "EUR");

    private Tenants() {}

    public static void main(String[] args) {
        runNow(System.out::println);
    }

    /** Both nodes declare it: the tenant of who asks is the tenant of the handler. */
    private static PeerNodeSpec node() {
        return Weir.node().context(Tenants::toHeaders, Tenants::toContext);
    }

    private static Headers toHeaders(ContextView context, Headers headers) {
        return context.<String>getOrEmpty(TENANT)
                .map(id -> headers.with(TENANT, id))
                .orElse(headers);
    }

    private static Context toContext(Headers headers, Context context) {
        String id = headers.text(TENANT);
        return id == null ? context : context.put(TENANT, id);
    }

    static void runNow(Consumer<String> log) {
        Sinks.One<String> noted = Sinks.one();
        PeerNode shop = node().listen(PeerAddress.tcp("127.0.0.1", 0))
                .onRequest(
                        "price",
                        RequestHandler.typed(
                                TEXT, TEXT, (request, item) -> forTenant("price of " + item, request.headers())))
                .onMessage(
                        "note",
                        MessageHandler.typed(
                                TEXT,
                                (message, text) -> forTenant("note " + text, message.headers())
                                        .doOnNext(noted::tryEmitValue)
                                        .then()))
                .onStream("offers", stream -> stream.send(forTenant("offers", stream.headers()), TEXT))
                .startNow(PATIENCE);
        PeerNode client = node().startNow(PATIENCE);
        PeerSession session = client.connectNow(shop.addresses().get(0), PATIENCE);

        Mono<String> price = session.request(
                "price", "chair", TEXT, TEXT, RequestOptions.defaults().withHeaders(EURO));
        Mono<String> note = session.send("note", EURO, "hello", TEXT).then(noted.asMono());
        Flux<String> offers =
                session.subscribe(StreamOpen.named("offers").withHeaders(EURO), StreamConfig.reliable(), TEXT);
        Flux.concat(price, note, offers)
                .contextWrite(Context.of(TENANT, "acme"))
                .doOnNext(log)
                .blockLast(PATIENCE);

        Mono.when(client.close(), shop.close()).block(PATIENCE);
    }

    private static Mono<String> forTenant(String what, Headers headers) {
        return Mono.deferContextual(
                context -> Mono.just(what + " in " + headers.text("currency") + " for " + context.<String>get(TENANT)));
    }
}
