package io.weir.reactive.session;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.UserCode.Ends;
import io.weir.reactive.session.UserCode.Scene;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The user code of streams: publishers, codecs and subscribers of their halves, and their handlers. */
final class StreamCode {

    private StreamCode() {}

    static List<UserCode> places() {
        return List.of(
                // publishers of send
                serving("publisher.subscribe", "APPLICATION_ERROR", scene -> s -> scene.blow.strike(), Codec.utf8()),
                serving("publisher.request", "APPLICATION_ERROR", StreamCode::failingRequest, Codec.utf8()),
                serving("publisher's operator", "APPLICATION_ERROR", StreamCode::failingMap, Codec.utf8()),
                new UserCode(
                        "publisher.cancel",
                        Ends.SERVER,
                        "CANCELLED",
                        StreamCode::failingCancel,
                        (pair, scene) -> pair.session
                                .openStream("x", StreamConfig.reliable())
                                .receive(Codec.utf8())
                                .take(1)
                                .subscribe()),
                // codecs of streams
                serving("codec.sizeOf", "ENCODE_FAILED", scene -> Flux.just("a"), FailingCodec::failingSizeOf),
                serving("codec.encode", "ENCODE_FAILED", scene -> Flux.just("a"), FailingCodec::failingEncode),
                serving("codec.encodeTo", "ENCODE_FAILED", scene -> Flux.just("a"), FailingCodec::failingEncodeTo),
                receiving("codec.decode", "DECODE_FAILED", (flux, scene) -> flux.subscribe(v -> {}, e -> {}), true),
                // subscribers of receive
                receiving(
                        "subscriber.onSubscribe",
                        UserCode.NOTHING,
                        (flux, scene) ->
                                scene.blow.call(() -> flux.subscribe(FailingSubscriber.of(scene, "onSubscribe"))),
                        false),
                receiving(
                        "subscriber.onNext",
                        "CANCELLED",
                        (flux, scene) -> flux.subscribe(FailingSubscriber.of(scene, "onNext")),
                        false),
                receiving(
                        "subscriber's operator",
                        "CANCELLED",
                        (flux, scene) -> flux.map(scene.blow::strikeOr).subscribe(v -> {}, e -> {}),
                        false),
                receiving(
                        "subscriber on a scheduler",
                        "CANCELLED",
                        (flux, scene) -> flux.subscribe(FailingSubscriber.of(scene, "onNext")),
                        false,
                        true),
                ended("subscriber.onComplete", Flux.just("a"), "onComplete"),
                ended("subscriber.onError", Flux.error(new IllegalStateException("test")), "onError"),
                sent("send's subscriber.onComplete", "onComplete"),
                sent("send's subscriber.onError", "onError"),
                new UserCode(
                        "trySend's codec",
                        Ends.CLIENT,
                        UserCode.NOTHING,
                        scene -> spec -> spec.onStream(
                                "x", stream -> stream.receive(Codec.utf8()).then()),
                        (pair, scene) -> scene.blow.call(() -> pair.session
                                .openStream("x", StreamConfig.reliable())
                                .trySend("a", FailingCodec.failingEncode(scene)))),
                UserCode.atClient("sendable's subscriber.onComplete", UserCode.NOTHING, (pair, scene) -> {
                    PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
                    stream.trySend("a", Codec.utf8());
                    stream.sendable().subscribe(FailingSubscriber.of(scene, "onComplete"));
                }),
                // handlers of streams
                handler("stream handler", scene -> stream -> {
                    scene.blow.strike();
                    return Mono.never();
                }),
                handler("stream handler's publisher", scene -> stream -> s -> scene.blow.strike()),
                handler("stream handler's operator", scene -> stream -> Mono.fromRunnable(scene.blow::strike)),
                new UserCode("streams()", Ends.SERVER, "UNCLAIMED", scene -> UserCode.NO_HANDLERS, (pair, scene) -> {
                    pair.serverSession().streams().subscribe(stream -> scene.blow.strike());
                    scene.watch(pair.session
                            .openStream("x", StreamConfig.reliable())
                            .receive(Codec.utf8()));
                }));
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
                                    .receive(decoding ? FailingCodec.failingDecode(scene) : Codec.utf8()),
                            scene);
                });
    }

    /** The client receives an end, and throws at that. */
    private static UserCode ended(String name, Flux<String> source, String signal) {
        return new UserCode(
                name,
                Ends.CLIENT,
                UserCode.NOTHING,
                scene -> spec -> spec.onStream("x", stream -> stream.send(source, Codec.utf8())),
                (pair, scene) -> pair.session
                        .openStream("x", StreamConfig.reliable())
                        .receive(Codec.utf8())
                        .subscribe(FailingSubscriber.of(scene, signal)));
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
                        .subscribe(FailingSubscriber.of(scene, signal)));
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
}
