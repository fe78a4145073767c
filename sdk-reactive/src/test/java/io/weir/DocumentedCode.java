package io.weir;

import io.weir.core.error.ApplicationException;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.peer.PreferredInitiator;
import io.weir.core.peer.Target;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.ConnectionInfo;
import io.weir.reactive.NativeCipher;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerDiscovery;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.Routed;
import io.weir.reactive.Routes;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.TrySend;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.codec.TypeRef;
import io.weir.reactive.discovery.Discovery;
import io.weir.reactive.jfr.FlightRecording;
import io.weir.reactive.operator.PeerRetry;
import io.weir.reactive.operator.Reconnect;
import io.weir.reactive.transport.TcpKeepAlive;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.UdpOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/** Every Java snippet of the pages in docs-site, word for word; the README's are programs of their own. */
final class DocumentedCode {
    private DocumentedCode() {}

    record Quote(String symbol, long price) {}

    static PeerNode designNode(Path path, List<PeerId> ids, Flux<Quote> quotes) {
        PeerNode node = Weir.node() // a PeerNodeSpec: inert, immutable, each call returns a copy
                .identity(Identity.load(path)) // Identity.generate() for a throw-away one
                .listen(PeerAddress.tcp("::", 7400)) // "::" is dual-stack
                .admission(PeerAdmission.allowList(ids))
                .onStream("quotes", stream -> stream.send(quotes, Codec.json(Quote.class)))
                .startNow(Duration.ofSeconds(5)); // start(): Mono<PeerNode>, binds all or fails
        return node;
    }

    static List<Object> designSession(PeerNode node, String address) {
        Flux<PeerEvent> events = node.events(); // sealed: Listening, ConnectionReady, ConnectionLost ...
        Mono<PeerSession> session = node.connect(PeerAddress.parse(address)); // tcp://host:7400#<peer id>
        return List.of(events, session);
    }

    static List<Object> designCalls(PeerSession session, PeerNode node, PeerId id) {
        Flux<Quote> quotes =
                session.subscribe("quotes", Codec.json(Quote.class)); // each subscriber a stream of its own
        Mono<Quote> quote = node.peer(id).request("price", "ACME", Codec.utf8(), Codec.json(Quote.class));
        return List.of(quotes, quote);
    }

    static List<Object> designStream(PeerSession session, Flux<Quote> quotes) {
        PeerStream stream =
                session.openStream(StreamId.of("quotes"), StreamOpen.named("quotes"), StreamConfig.reliable());
        Flux<Quote> received =
                stream.receive(Codec.json(Quote.class)); // request(n) lets credit flow; cancel sends STOP
        Mono<Void> sent =
                stream.send(quotes, Codec.json(Quote.class)); // pulls only under credit; mirrors the end of quotes
        return List.of(received, sent);
    }

    static Mono<TrySend> sendable(PeerStream stream, Quote quote) {
        Mono<TrySend> sent = Mono.fromCallable(() -> stream.trySend(quote, Codec.json(Quote.class)))
                .filter(answer -> answer != TrySend.BACKPRESSURE)
                .repeatWhenEmpty(
                        refusals -> refusals.concatMap(n -> stream.sendable().thenReturn(n)));
        return sent;
    }

    static Optional<ConnectionInfo> connections(PeerNode node, Logger log) {
        node.connections().forEach(connection -> log.info("{}", connection));
        Optional<ConnectionInfo> alice = node.connection(PeerAddress.parse("tcp://alice.example:7400"));
        return alice;
    }

    static List<Codec<?>> codecs(JsonMapper mapper) {
        Codec<List<Quote>> lists = Codec.json(new TypeRef<List<Quote>>() {});
        Codec<Quote> strict = Codec.json(Quote.class, () -> mapper);
        return List.of(lists, strict);
    }

    static Quote virtualThreads(PeerSession session) {
        Quote quote = session.request("quote", "ACME", Codec.utf8(), Codec.json(Quote.class))
                .block(Duration.ofSeconds(5));

        try (Stream<Quote> quotes =
                session.subscribe("quotes", Codec.json(Quote.class)).toStream(16)) { // so many ahead
            quotes.limit(100).forEach(each -> store(each)); // may be as slow as it likes
        }
        return quote;
    }

    private static void store(Quote quote) {}

    static PeerNodeSpec virtualHandler(Scheduler virtual) {
        PeerNodeSpec spec = Weir.node()
                .onRequest(
                        "quote",
                        RequestHandler.typed(
                                        Codec.utf8(),
                                        Codec.json(Quote.class),
                                        symbol -> Mono.fromCallable(() -> readFromDatabase(symbol)))
                                .on(virtual));
        return spec;
    }

    private static Quote readFromDatabase(String symbol) {
        return new Quote(symbol, 1);
    }

    static void virtualSender(PeerStream stream, Quote quote) {
        while (stream.trySend(quote, Codec.json(Quote.class)) == TrySend.BACKPRESSURE) {
            stream.sendable().block(); // until the peer has consumed enough, or takes nothing more
        }
    }

    static PeerNode lifecycleObserver(Logger log) {
        PeerNode node = Weir.node()
                .onEvent(event -> log.info("{}", event)) // from the first listener on; must not block
                .listen(PeerAddress.tcp("::", 7400))
                .startNow(Duration.ofSeconds(5));
        return node;
    }

    static PeerNodeSpec ciphers(PeerNode node, Logger log) {
        log.info("records are sealed by {}", node.cipherProvider()); // AmazonCorrettoCryptoProvider 2.5.0, or SunJCE 17
        PeerNodeSpec withoutNativeCode = Weir.node().nativeCipher(NativeCipher.REFUSED);
        return withoutNativeCode;
    }

    static PeerNodeSpec handlerErrors(Logger log) {
        PeerNodeSpec spec = Weir.node()
                .onHandlerError(
                        failed -> log.error("{} {}", failed.kind(), failed.name(), failed.error())); // must not block
        return spec;
    }

    static PeerNodeSpec applicationErrors(Flux<Quote> quotes) {
        PeerNodeSpec serving = Weir.node()
                .onRequest("price", request -> Mono.error(new ApplicationException(404, "no such quote")))
                .onStream(
                        "quotes",
                        stream -> stream.send(
                                quotes.concatWith(Mono.error(new ApplicationException(503, "closed"))),
                                Codec.json(Quote.class)));
        return serving;
    }

    static Mono<Quote> applicationErrorHeard(PeerSession session) {
        Mono<Quote> quote = session.request("price", "ACME", Codec.utf8(), Codec.json(Quote.class))
                .onErrorResume(ApplicationException.class, e -> e.code() == 404 ? Mono.empty() : Mono.error(e));
        return quote;
    }

    static PeerNodeSpec lifecycleEnd(Flux<Quote> quotes) {
        PeerNodeSpec serving = Weir.node()
                .onStream(
                        "quotes",
                        stream -> stream.send(stream.session().untilGoingAway(quotes), Codec.json(Quote.class)));
        return serving;
    }

    static PeerNodeSpec observer(BiConsumer<String, Duration> answered) {
        PeerNodeSpec observed = Weir.node().observer(new NodeObserver() {
            @Override
            public void onAnswered(PeerSession session, RequestDone request) {
                answered.accept(request.route(), Duration.ofNanos(request.queueNanos() + request.serviceNanos()));
            }
        });
        return observed;
    }

    static PeerNodeSpec flightRecorder() {
        PeerNodeSpec recorded = Weir.node().observer(FlightRecording.observer());
        return recorded;
    }

    static void lifecycleShutdown(PeerNode node) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> node.shutdown(Duration.ofSeconds(20)).block()));
    }

    static PeerNodeSpec sockets() {
        TcpKeepAlive minutely = new TcpKeepAlive(Duration.ofMinutes(1), Duration.ofSeconds(10), 6);
        PeerNodeSpec tuned = Weir.node()
                .tcp(TcpOptions.defaults().withKeepAlive(minutely))
                .udp(UdpOptions.defaults().withMaxDatagramBytes(8_952)); // jumbo frames, where the path has them
        return tuned;
    }

    static List<PeerDiscovery> discoveries() {
        PeerDiscovery fixed = Discovery.fixed(PeerAddress.tcp("10.0.0.1", 7400), PeerAddress.tcp("10.0.0.2", 7400));
        PeerDiscovery named = Discovery.dns("peers.example.org", 7400).withPeriod(Duration.ofMinutes(1));
        PeerDiscovery service = Discovery.dnsService("_weir._tcp.example.org"); // SRV records: hosts and ports
        return List.of(fixed, named, service);
    }

    static List<Object> routes(PeerNode node, PeerId peer, ByteBuffer payload) {
        Routes routes = node.routes();
        Target target = routes.add(peer); // or its number, if it has come by itself
        Mono<Void> sent = routes.send(target, payload); // waits for that peer's credit
        Mono<Map<Target, TrySend>> offered = routes.sendAll(payload); // waits for nobody, and says who took it
        Flux<Routed> received = routes.receive(); // from all peers; demand is credit
        return List.of(sent, offered, received);
    }

    interface Prices {
        Mono<Quote> find(String symbol);
    }

    interface Currencies {
        Mono<Quote> find(String symbol, @Nullable String currency);
    }

    static Flux<Long> sums(Flux<Long> values) {
        return values.scan(Long::sum);
    }

    static PeerNode messagesNode(Flux<Quote> quotes, Prices prices, List<String> log) {
        PeerNode server = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onStream("quotes", stream -> stream.send(quotes, Codec.json(Quote.class)))
                .onRequest("price", RequestHandler.typed(Codec.utf8(), Codec.json(Quote.class), prices::find))
                .onMessage("log", message -> Mono.fromRunnable(() -> log.add(message.decode(Codec.utf8()))))
                .onStream(
                        "sum",
                        stream -> stream.send(sums(stream.receive(Codec.json(Long.class))), Codec.json(Long.class)))
                .startNow(Duration.ofSeconds(5));
        return server;
    }

    record Messages(Flux<Quote> quotes, Mono<Quote> quote, Mono<Void> logged, Flux<Long> sums) {}

    static Messages messages(PeerSession session) {
        Flux<Quote> quotes = session.subscribe("quotes", Codec.json(Quote.class));
        Mono<Quote> quote = session.request("price", "ACME", Codec.utf8(), Codec.json(Quote.class));
        Mono<Void> logged = session.send("log", "asked for ACME", Codec.utf8()); // completes when it is written
        Flux<Long> sums =
                session.exchange("sum", Flux.just(1L, 2L, 3L), Codec.json(Long.class), Codec.json(Long.class));
        return new Messages(quotes, quote, logged, sums);
    }

    static Flux<Quote> messagesSubscription(PeerSession session) {
        Flux<Quote> since = session.subscribe(
                StreamOpen.named("quotes").withHeader("from", "41"),
                StreamConfig.reliable().withWindow(16_384),
                Codec.json(Quote.class));
        return since;
    }

    static RequestHandler messagesHandler(Currencies prices) {
        RequestHandler price = RequestHandler.typed(
                Codec.utf8(),
                Codec.json(Quote.class),
                (request, symbol) -> prices.find(symbol, request.headers().text("currency")));
        return price;
    }

    static PeerNodeSpec messagesContext() {
        PeerNodeSpec spec = Weir.node()
                .context(
                        (context, headers) -> context.<String>getOrEmpty("tenant")
                                .map(id -> headers.with("tenant", id))
                                .orElse(headers),
                        (headers, context) -> {
                            String id = headers.text("tenant");
                            return id == null ? context : context.put("tenant", id);
                        });
        return spec;
    }

    static PeerNode peersNode(PeerId bob) {
        PeerNode node = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .connections(ConnectionPolicy.defaults()
                        .withLongestDelay(Duration.ofMinutes(1))
                        .withInitiator(PreferredInitiator.LOWER_KEY))
                .startNow(Duration.ofSeconds(5));
        node.peers().add(PeerAddress.parse("tcp://alice.example:7400"));
        node.peers().add(WantedPeer.of(bob, PeerAddress.tcp("10.0.0.7", 7400), PeerAddress.tcp("bob.example", 7400)));
        return node;
    }

    static ConnectionPolicy peersTransports() {
        ConnectionPolicy policy = ConnectionPolicy.defaults()
                .withTransports(PeerAddress.QUIC, PeerAddress.UDP, PeerAddress.TCP)
                .withFallbackFor(Duration.ofMinutes(5));
        return policy;
    }

    static Disposable peersFollow(PeerNode node) {
        Disposable following = node.peers().follow(Discovery.dns("peers.example.org", 7400));
        return following;
    }

    static void peersStates(PeerNode node, Logger log) {
        node.peers()
                .states()
                .subscribe(change -> log.info("{}: {}", change.peer().wanted(), change.state()));
    }

    static List<Object> peersCalls(PeerNode node, PeerId bob) {
        Peer peer = node.peer(bob);
        Flux<Quote> quotes = peer.subscribe("quotes", Codec.json(Quote.class));
        Mono<Quote> price = peer.request("price", "ACME", Codec.utf8(), Codec.json(Quote.class));
        Mono<Quote> now = peer.failFast().request("price", "ACME", Codec.utf8(), Codec.json(Quote.class));
        Mono<Quote> soon =
                peer.within(Duration.ofSeconds(2)).request("price", "ACME", Codec.utf8(), Codec.json(Quote.class));
        return List.of(quotes, price, now, soon);
    }

    static Flux<Quote> peersReconnect(PeerNode node, PeerId bob, Logger log) {
        Flux<Quote> quotes = Reconnect.<Quote>stream(
                        node.peer(bob),
                        (session, resume) -> session.subscribe(
                                StreamOpen.named("quotes-from").withHeader("from", Long.toString(resume.delivered())),
                                StreamConfig.reliable(),
                                Codec.json(Quote.class)),
                        PeerRetry.of(ConnectionPolicy.defaults()))
                .transform(Reconnect.elements(signal -> log.info("{}", signal)));
        return quotes;
    }

    static PeerNodeSpec peersServing(Function<Long, Flux<Quote>> quotesFrom) {
        PeerNodeSpec serving = Weir.node()
                .onStream(
                        "quotes-from",
                        stream -> stream.send(
                                quotesFrom
                                        .apply(Long.valueOf(stream.headers().text("from")))
                                        .transform(stream.session()::untilGoingAway),
                                Codec.json(Quote.class)));
        return serving;
    }

    static Mono<PeerSession> peersRetry(PeerNode node, PeerAddress address) {
        Mono<PeerSession> session = node.connect(address)
                .retryWhen(PeerRetry.of(ConnectionPolicy.defaults().withMaxElapsed(Duration.ofMinutes(5))));
        return session;
    }
}
