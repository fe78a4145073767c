package io.weir.reactive.session;

import io.weir.reactive.Message;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.UserCode.Ends;
import io.weir.reactive.session.UserCode.Scene;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Mono;

/** The user code of requests and one-way messages: handlers, codecs and who waits for their ends. */
final class MessageCode {

    private MessageCode() {}

    static List<UserCode> places() {
        return Stream.concat(requests().stream(), oneWays().stream()).toList();
    }

    private static List<UserCode> requests() {
        return List.of(
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
                        scene -> RequestHandler.typed(FailingCodec.failingDecode(scene), Codec.utf8(), Mono::just)),
                asking(
                        "typed handler's encode",
                        "ENCODE_FAILED",
                        scene -> RequestHandler.typed(Codec.utf8(), FailingCodec.failingEncode(scene), Mono::just)),
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
                UserCode.atClient(
                        "request's encode",
                        "ENCODE_FAILED",
                        (pair, scene) -> scene.blow.call(() -> scene.watch(
                                pair.session.request("echo", "a", FailingCodec.failingEncode(scene), Codec.utf8())))),
                UserCode.atClient(
                        "request's decode",
                        "DECODE_FAILED",
                        (pair, scene) -> scene.watch(
                                pair.session.request("echo", "a", Codec.utf8(), FailingCodec.failingDecode(scene)))),
                UserCode.atClient(
                        "request's subscriber.onNext",
                        UserCode.NOTHING,
                        (pair, scene) -> pair.session
                                .request("echo", "a", Codec.utf8(), Codec.utf8())
                                .subscribe(FailingSubscriber.of(scene, "onNext"))),
                UserCode.atClient(
                        "request's subscriber.onComplete",
                        UserCode.NOTHING,
                        (pair, scene) -> pair.session
                                .request("echo", "a", Codec.utf8(), Codec.utf8())
                                .subscribe(FailingSubscriber.of(scene, "onComplete"))),
                UserCode.atClient(
                        "request's subscriber.onError",
                        UserCode.NOTHING,
                        (pair, scene) -> pair.session
                                .request("nobody", "a", Codec.utf8(), Codec.utf8())
                                .subscribe(FailingSubscriber.of(scene, "onError"))),
                UserCode.atClient("replies()", UserCode.NOTHING, (pair, scene) -> {
                    pair.session.replies().subscribe(reply -> scene.blow.strike());
                    pair.session
                            .request("echo", "a", Codec.utf8(), Codec.utf8())
                            .subscribe();
                }));
    }

    private static List<UserCode> oneWays() {
        return List.of(
                telling("message handler", message -> scene -> {
                    scene.blow.strike();
                    return Mono.empty();
                }),
                telling("message handler's publisher", message -> scene -> s -> scene.blow.strike()),
                telling("message handler's operator", message -> scene -> Mono.fromRunnable(scene.blow::strike)),
                new UserCode("messages()", Ends.SERVER, "completed", scene -> UserCode.NO_HANDLERS, (pair, scene) -> {
                    pair.serverSession().messages().subscribe(message -> scene.blow.strike());
                    scene.watch(pair.session.send("m", "a", Codec.utf8()));
                }),
                UserCode.atClient(
                        "one-way's encode",
                        "ENCODE_FAILED",
                        (pair, scene) -> scene.blow.call(
                                () -> scene.watch(pair.session.send("m", "a", FailingCodec.failingEncode(scene))))),
                UserCode.atClient(
                        "one-way's subscriber.onComplete",
                        UserCode.NOTHING,
                        (pair, scene) -> pair.session
                                .send("m", "a", Codec.utf8())
                                .subscribe(FailingSubscriber.of(scene, "onComplete"))));
    }

    // ---- kinds of places

    private static UserCode asking(String name, String ordinary, Function<Scene, RequestHandler> handler) {
        return new UserCode(
                name,
                Ends.SERVER,
                ordinary,
                scene -> spec -> spec.onRequest("x", handler.apply(scene)),
                (pair, scene) -> scene.watch(
                        pair.session.request("x", "a", Codec.utf8(), Codec.utf8(), RequestOptions.defaults())));
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

    // ---- what fails

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

    /** The scheduler is the pair's, which is made after its handlers. */
    private static RequestHandler onScheduler(Scene scene, RequestHandler handler) {
        return request -> handler.on(scene.scheduler()).handle(request);
    }
}
