package io.weir.reactive.session;

import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.session.UserCode.Act;
import io.weir.reactive.session.UserCode.Ends;
import io.weir.reactive.session.UserCode.Scene;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** The user code that listens to a session and to a node. */
final class NodeCode {

    private NodeCode() {}

    static List<UserCode> places() {
        return List.of(
                UserCode.atClient("ping()", UserCode.NOTHING, (pair, scene) -> {
                    pair.session.ping().subscribe(FailingSubscriber.of(scene, "onNext"));
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
                                .connect(pair.network.address("nobody"))
                                .subscribe(v -> {}, e -> {})),
                node(
                        "events()",
                        scene -> UserCode.NO_HANDLERS,
                        (pair, scene) -> pair.client.events().subscribe(e -> scene.blow.strike())),
                node(
                        "sessions()",
                        scene -> UserCode.NO_HANDLERS,
                        (pair, scene) -> pair.client.sessions().subscribe(e -> scene.blow.strike())),
                node(
                        "peer().session()",
                        scene -> UserCode.NO_HANDLERS,
                        (pair, scene) -> pair.client
                                .peer(pair.server.id())
                                .session()
                                .subscribe(FailingSubscriber.of(scene, "onNext"))));
    }

    private static UserCode node(String name, Function<Scene, UnaryOperator<PeerNodeSpec>> server, Act client) {
        return new UserCode(name, Ends.NOBODY, UserCode.NOTHING, server, client);
    }
}
