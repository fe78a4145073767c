package io.weir.reactive.session;

import io.weir.core.error.WeirException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.Message;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The places where a session calls its users' code, each with what happens there when that throws. The client opens, asks
 * and sends; the server has the handlers.
 *
 * @param ends whose session a fatal error ends
 * @param ordinary what the innocent party hears of any other
 */
record UserCode(
        String name, Ends ends, String ordinary, Function<Scene, UnaryOperator<PeerNodeSpec>> server, Act client) {

    /** Whose session a fatal error ends, with INTERNAL. */
    enum Ends {
        SERVER,
        CLIENT,
        NOBODY
    }

    interface Act {
        void on(NodePair pair, Scene scene);
    }

    /** One run. */
    static final class Scene {
        final Blow blow;
        final AtomicReference<@Nullable String> innocent = new AtomicReference<>();

        @Nullable
        NodePair pair;

        Scene(Blow blow) {
            this.blow = blow;
        }

        /** The end of that is what the innocent party hears. */
        void watch(Publisher<?> publisher) {
            Flux.from(publisher).subscribe(v -> {}, e -> innocent.set(codeOf(e)), () -> innocent.set("completed"));
        }

        void heard(String what) {
            innocent.set(what);
        }

        Scheduler scheduler() {
            return Objects.requireNonNull(pair).time;
        }

        static String codeOf(Throwable e) {
            return e instanceof WeirException known
                    ? known.reason().error().name()
                    : e.getClass().getSimpleName();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static final UnaryOperator<PeerNodeSpec> NO_HANDLERS = spec -> spec;
    private static final String NOTHING = "nothing";

    static List<UserCode> places() {
        return List.of(
                // publishers of send
                serving("publisher.subscribe", "APPLICATION_ERROR", scene -> s -> scene.blow.strike(), Codec.utf8()),
                serving("publisher.request", "APPLICATION_ERROR", UserCode::failingRequest, Codec.utf8()),
                serving("publisher's operator", "APPLICATION_ERROR", UserCode::failingMap, Codec.utf8()),
                new UserCode(
                        "publisher.cancel",
                        Ends.SERVER,
                        "CANCELLED",
                        UserCode::failingCancel,
                        (pair, scene) -> pair.session
                                .openStream("x", StreamConfig.reliable())
                                .receive(Codec.utf8())
                                .take(1)
                                .subscribe()),
                // codecs of streams
                serving("codec.sizeOf", "ENCODE_FAILED", scene -> Flux.just("a"), TestCodec::failingSizeOf),
                serving("codec.encode", "ENCODE_FAILED", scene -> Flux.just("a"), TestCodec::failingEncode),
                serving("codec.encodeTo", "ENCODE_FAILED", scene -> Flux.just("a"), TestCodec::failingEncodeTo),
                receiving("codec.decode", "DECODE_FAILED", (flux, scene) -> flux.subscribe(v -> {}, e -> {}), true),
                // subscribers of receive
                receiving(
                        "subscriber.onSubscribe",
                        NOTHING,
                        (flux, scene) -> scene.blow.call(() -> flux.subscribe(Probe.of(scene, "onSubscribe"))),
                        false),
                receiving(
                        "subscriber.onNext",
                        "CANCELLED",
                        (flux, scene) -> flux.subscribe(Probe.of(scene, "onNext")),
                        false),
                receiving(
                        "subscriber's operator",
                        "CANCELLED",
                        (flux, scene) -> flux.map(scene.blow::strikeOr).subscribe(v -> {}, e -> {}),
                        false),
                receiving(
                        "subscriber on a scheduler",
                        "CANCELLED",
                        (flux, scene) -> flux.subscribe(Probe.of(scene, "onNext")),
                        false,
                        true),
                ended("subscriber.onComplete", Flux.just("a"), "onComplete"),
                ended("subscriber.onError", Flux.error(new IllegalStateException("test")), "onError"),
                sent("send's subscriber.onComplete", "onComplete"),
                sent("send's subscriber.onError", "onError"),
                new UserCode(
                        "trySend's codec",
                        Ends.CLIENT,
                        NOTHING,
                        scene -> spec -> spec.onStream(
                                "x", stream -> stream.receive(Codec.utf8()).then()),
                        (pair, scene) -> scene.blow.call(() -> pair.session
                                .openStream("x", StreamConfig.reliable())
                                .trySend("a", TestCodec.failingEncode(scene)))),
                // handlers of streams
                handler("stream handler", scene -> stream -> {
                    scene.blow.strike();
                    return Mono.never();
                }),
                handler("stream handler's publisher", scene -> stream -> s -> scene.blow.strike()),
                handler("stream handler's operator", scene -> stream -> Mono.fromRunnable(scene.blow::strike)),
                new UserCode("streams()", Ends.SERVER, "UNCLAIMED", scene -> NO_HANDLERS, (pair, scene) -> {
                    pair.serverSession().streams().subscribe(stream -> scene.blow.strike());
                    scene.watch(pair.session
                            .openStream("x", StreamConfig.reliable())
                            .receive(Codec.utf8()));
                }),
                // requests
                asking("request handler", "APPLICATION_ERROR", scene -> request -> {
                    scene.blow.strike();
                    return Mono.empty();
                }),
                asking(
                        "request handler's publisher",
                        "APPLICATION_ERROR",
                        scene -> request -> s -> scene.blow.strike()),
                asking(
                        "request handler's operator",
                        "APPLICATION_ERROR",
                        scene -> request -> Mono.fromCallable(() -> scene.blow.strikeOr(request.payload()))),
                asking(
                        "request handler on a scheduler",
                        "APPLICATION_ERROR",
                        scene -> onScheduler(scene, request -> {
                            scene.blow.strike();
                            return Mono.empty();
                        })),
                asking(
                        "operator of a request handler on a scheduler",
                        "APPLICATION_ERROR",
                        scene -> onScheduler(
                                scene, request -> Mono.fromCallable(() -> scene.blow.strikeOr(request.payload())))),
                asking(
                        "typed handler's function",
                        "APPLICATION_ERROR",
                        scene -> RequestHandler.typed(
                                Codec.utf8(), Codec.utf8(), v -> Mono.just(scene.blow.strikeOr(v)))),
                asking(
                        "typed handler's decode",
                        "DECODE_FAILED",
                        scene -> RequestHandler.typed(TestCodec.failingDecode(scene), Codec.utf8(), Mono::just)),
                asking(
                        "typed handler's encode",
                        "ENCODE_FAILED",
                        scene -> RequestHandler.typed(Codec.utf8(), TestCodec.failingEncode(scene), Mono::just)),
                new UserCode(
                        "request handler's cancel",
                        Ends.SERVER,
                        "CANCELLED",
                        scene -> spec -> spec.onRequest("x", request -> failing(scene)),
                        (pair, scene) -> {
                            pair.session
                                    .request("x", "a", Codec.utf8(), Codec.utf8())
                                    .subscribe()
                                    .dispose();
                            scene.heard("CANCELLED");
                        }),
                requesting(
                        "request's encode",
                        "ENCODE_FAILED",
                        (pair, scene) -> scene.blow.call(() -> scene.watch(
                                pair.session.request("echo", "a", TestCodec.failingEncode(scene), Codec.utf8())))),
                requesting(
                        "request's decode",
                        "DECODE_FAILED",
                        (pair, scene) -> scene.watch(
                                pair.session.request("echo", "a", Codec.utf8(), TestCodec.failingDecode(scene)))),
                requesting(
                        "request's subscriber.onNext",
                        NOTHING,
                        (pair, scene) -> pair.session
                                .request("echo", "a", Codec.utf8(), Codec.utf8())
                                .subscribe(Probe.of(scene, "onNext"))),
                requesting(
                        "request's subscriber.onComplete",
                        NOTHING,
                        (pair, scene) -> pair.session
                                .request("echo", "a", Codec.utf8(), Codec.utf8())
                                .subscribe(Probe.of(scene, "onComplete"))),
                requesting(
                        "request's subscriber.onError",
                        NOTHING,
                        (pair, scene) -> pair.session
                                .request("nobody", "a", Codec.utf8(), Codec.utf8())
                                .subscribe(Probe.of(scene, "onError"))),
                requesting("replies()", NOTHING, (pair, scene) -> {
                    pair.session.replies().subscribe(reply -> scene.blow.strike());
                    pair.session
                            .request("echo", "a", Codec.utf8(), Codec.utf8())
                            .subscribe();
                }),
                // one-way messages
                telling("message handler", message -> scene -> {
                    scene.blow.strike();
                    return Mono.empty();
                }),
                telling("message handler's publisher", message -> scene -> s -> scene.blow.strike()),
                telling("message handler's operator", message -> scene -> Mono.fromRunnable(scene.blow::strike)),
                new UserCode("messages()", Ends.SERVER, "completed", scene -> NO_HANDLERS, (pair, scene) -> {
                    pair.serverSession().messages().subscribe(message -> scene.blow.strike());
                    scene.watch(pair.session.send("m", "a", Codec.utf8()));
                }),
                requesting(
                        "one-way's encode",
                        "ENCODE_FAILED",
                        (pair, scene) -> scene.blow.call(
                                () -> scene.watch(pair.session.send("m", "a", TestCodec.failingEncode(scene))))),
                requesting(
                        "one-way's subscriber.onComplete",
                        NOTHING,
                        (pair, scene) ->
                                pair.session.send("m", "a", Codec.utf8()).subscribe(Probe.of(scene, "onComplete"))),
                // the session and the node
                requesting("ping()", NOTHING, (pair, scene) -> {
                    pair.session.ping().subscribe(Probe.of(scene, "onNext"));
                    scene.watch(pair.session.ping().then(Mono.never()));
                }),
                node(
                        "onEvent",
                        scene -> spec -> spec.onEvent(event -> {
                            if (scene.pair != null) {
                                scene.blow.strike();
                            }
                        }),
                        (pair, scene) -> pair.server
                                .connect(PeerAddress.memory("nobody"))
                                .subscribe(v -> {}, e -> {})),
                node(
                        "events()",
                        scene -> NO_HANDLERS,
                        (pair, scene) -> pair.client.events().subscribe(e -> scene.blow.strike())),
                node(
                        "sessions()",
                        scene -> NO_HANDLERS,
                        (pair, scene) -> pair.client.sessions().subscribe(e -> scene.blow.strike())),
                node(
                        "peer().session()",
                        scene -> NO_HANDLERS,
                        (pair, scene) ->
                                pair.client.peer(pair.server.id()).session().subscribe(Probe.of(scene, "onNext"))));
    }

    // ---- kinds of places

    private static UserCode serving(
            String name, String ordinary, Function<Scene, Publisher<String>> source, Codec<String> codec) {
        return serving(name, ordinary, source, scene -> codec);
    }

    /** The server sends, and the client hears how that ends. */
    private static UserCode serving(
            String name,
            String ordinary,
            Function<Scene, Publisher<String>> source,
            Function<Scene, Codec<String>> codec) {
        return new UserCode(
                name,
                Ends.SERVER,
                ordinary,
                scene -> spec -> spec.onStream("x", stream -> stream.send(source.apply(scene), codec.apply(scene))),
                (pair, scene) -> scene.watch(
                        pair.session.openStream("x", StreamConfig.reliable()).receive(Codec.utf8())));
    }

    private static UserCode receiving(
            String name, String ordinary, BiConsumer<Flux<String>, Scene> subscriber, boolean decoding) {
        return receiving(name, ordinary, subscriber, decoding, false);
    }

    /** The client receives, and the server's send tells how that ends. */
    private static UserCode receiving(
            String name,
            String ordinary,
            BiConsumer<Flux<String>, Scene> subscriber,
            boolean decoding,
            boolean onScheduler) {
        return new UserCode(
                name,
                Ends.CLIENT,
                ordinary,
                scene -> spec -> spec.onStream("x", stream -> {
                    scene.watch(stream.send(Flux.just("a", "b").concatWith(Flux.never()), Codec.utf8()));
                    return Mono.never();
                }),
                (pair, scene) -> {
                    PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
                    subscriber.accept(
                            (onScheduler ? stream.receiveOn(pair.time) : stream)
                                    .receive(decoding ? TestCodec.failingDecode(scene) : Codec.utf8()),
                            scene);
                });
    }

    /** The client receives an end, and throws at that. */
    private static UserCode ended(String name, Flux<String> source, String signal) {
        return new UserCode(
                name,
                Ends.CLIENT,
                NOTHING,
                scene -> spec -> spec.onStream("x", stream -> stream.send(source, Codec.utf8())),
                (pair, scene) -> pair.session
                        .openStream("x", StreamConfig.reliable())
                        .receive(Codec.utf8())
                        .subscribe(Probe.of(scene, signal)));
    }

    /** The client has sent, and throws at that. */
    private static UserCode sent(String name, String signal) {
        Flux<String> source = signal.equals("onError") ? Flux.error(new IllegalStateException("test")) : Flux.just("a");
        return new UserCode(
                name,
                Ends.CLIENT,
                signal.equals("onError") ? "APPLICATION_ERROR" : "completed",
                scene -> spec -> spec.onStream("x", stream -> {
                    scene.watch(stream.receive(Codec.utf8()));
                    return Mono.never();
                }),
                (pair, scene) -> pair.session
                        .openStream("x", StreamConfig.reliable())
                        .send(source, Codec.utf8())
                        .subscribe(Probe.of(scene, signal)));
    }

    private static UserCode handler(String name, Function<Scene, StreamHandler> handler) {
        return new UserCode(
                name,
                Ends.SERVER,
                "APPLICATION_ERROR",
                scene -> spec -> spec.onStream("x", handler.apply(scene)),
                (pair, scene) -> scene.watch(
                        pair.session.openStream("x", StreamConfig.reliable()).receive(Codec.utf8())));
    }

    private static UserCode asking(String name, String ordinary, Function<Scene, RequestHandler> handler) {
        return new UserCode(
                name,
                Ends.SERVER,
                ordinary,
                scene -> spec -> spec.onRequest("x", handler.apply(scene)),
                (pair, scene) -> scene.watch(
                        pair.session.request("x", "a", Codec.utf8(), Codec.utf8(), RequestOptions.defaults())));
    }

    private static UserCode requesting(String name, String ordinary, Act client) {
        return new UserCode(name, Ends.CLIENT, ordinary, scene -> NO_HANDLERS, client);
    }

    private static UserCode telling(String name, Function<Message, Function<Scene, Publisher<Void>>> handler) {
        return new UserCode(
                name,
                Ends.SERVER,
                "completed",
                scene -> spec ->
                        spec.onMessage("m", message -> handler.apply(message).apply(scene)),
                (pair, scene) -> scene.watch(pair.session.send("m", "a", Codec.utf8())));
    }

    private static UserCode node(String name, Function<Scene, UnaryOperator<PeerNodeSpec>> server, Act client) {
        return new UserCode(name, Ends.NOBODY, NOTHING, server, client);
    }

    // ---- what fails

    private static Publisher<String> failingRequest(Scene scene) {
        return subscriber -> subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                scene.blow.strike();
            }

            @Override
            public void cancel() {}
        });
    }

    private static Publisher<String> failingMap(Scene scene) {
        return Flux.just("a").map(scene.blow::strikeOr);
    }

    private static <T> Publisher<T> failing(Scene scene) {
        return subscriber -> subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {
                scene.blow.strike();
            }
        });
    }

    private static UnaryOperator<PeerNodeSpec> failingCancel(Scene scene) {
        return spec -> spec.onStream("x", stream -> {
            scene.watch(stream.send(
                    (Publisher<String>) subscriber -> subscriber.onSubscribe(new Subscription() {
                        private boolean sent;

                        @Override
                        public void request(long n) {
                            if (!sent) {
                                sent = true;
                                subscriber.onNext("a");
                            }
                        }

                        @Override
                        public void cancel() {
                            scene.blow.strike();
                        }
                    }),
                    Codec.utf8()));
            return Mono.never();
        });
    }

    /** The scheduler is the pair's, which is made after its handlers. */
    private static RequestHandler onScheduler(Scene scene, RequestHandler handler) {
        return request -> handler.on(scene.scheduler()).handle(request);
    }

    /** A codec that fails in one of its methods. */
    private static final class TestCodec implements Codec<String> {
        private final Scene scene;
        private final String where;

        private TestCodec(Scene scene, String where) {
            this.scene = scene;
            this.where = where;
        }

        static Codec<String> failingSizeOf(Scene scene) {
            return new TestCodec(scene, "sizeOf");
        }

        static Codec<String> failingEncode(Scene scene) {
            return new TestCodec(scene, "encode");
        }

        static Codec<String> failingEncodeTo(Scene scene) {
            return new TestCodec(scene, "encodeTo");
        }

        static Codec<String> failingDecode(Scene scene) {
            return new TestCodec(scene, "decode");
        }

        @Override
        public int sizeOf(String value) {
            strikeIn("sizeOf");
            return where.equals("encodeTo") ? value.length() : -1;
        }

        @Override
        public ByteBuffer encode(String value) {
            strikeIn("encode");
            return ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void encodeTo(String value, ByteBuffer out) {
            out.put((byte) '?'); // it fails half-way
            strikeIn("encodeTo");
        }

        @Override
        public String decode(ByteBuffer payload) {
            strikeIn("decode");
            return StandardCharsets.UTF_8.decode(payload).toString();
        }

        private void strikeIn(String method) {
            if (where.equals(method)) {
                scene.blow.strike();
            }
        }
    }

    /** A subscriber that throws out of one of its signals, as no operator of Reactor's keeps it from. */
    private static final class Probe<T> implements CoreSubscriber<T> {
        private final Scene scene;
        private final String where;

        private Probe(Scene scene, String where) {
            this.scene = scene;
            this.where = where;
        }

        static <T> Probe<T> of(Scene scene, String where) {
            return new Probe<>(scene, where);
        }

        private void at(String signal) {
            if (where.equals(signal)) {
                scene.blow.strike();
            }
        }

        @Override
        public void onSubscribe(Subscription s) {
            at("onSubscribe");
            s.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(T value) {
            at("onNext");
        }

        @Override
        public void onError(Throwable e) {
            at("onError");
        }

        @Override
        public void onComplete() {
            at("onComplete");
        }
    }
}
