package io.weir.samples.calls;

import io.weir.Weir;
import io.weir.core.error.ConnectException;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Calls on a peer, whichever session there is: before the peer has come, while it is there, and when it comes again. */
public final class AcrossSessions {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private AcrossSessions() {}

    public static void main(String[] args) {
        runNow(System.out::println);
    }

    static void runNow(Consumer<String> log) {
        Identity identity = Identity.generate();
        PeerNode client = Weir.node().startNow(PATIENCE);
        Peer peer = client.peer(identity.peerId());

        log.accept("nobody knows where it is: " + ask(peer.failFast(), "1").block(PATIENCE));
        log.accept("it does not come in time: "
                + ask(peer.within(Duration.ofMillis(50)), "2").block(PATIENCE));

        PeerNode server = serverNow(identity);
        client.peers().add(WantedPeer.of(identity.peerId(), server.addresses().get(0)));
        log.accept("it is being dialled: " + ask(peer, "3").block(PATIENCE));

        Mono<?> lost = client.liveSessions().get(0).onClose();
        server.close().then(lost).block(PATIENCE);
        PeerNode again = serverNow(identity);
        client.peers().add(WantedPeer.of(identity.peerId(), again.addresses().get(0)));
        log.accept("it has moved: " + ask(peer, "4").block(PATIENCE));

        Mono.when(client.close(), again.close()).block(PATIENCE);
    }

    private static PeerNode serverNow(Identity identity) {
        return Weir.node()
                .identity(identity)
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onRequest("echo", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just("echo " + text)))
                .startNow(PATIENCE);
    }

    private static Mono<String> ask(Peer peer, String text) {
        return peer.request("echo", text, Codec.utf8(), Codec.utf8())
                .onErrorResume(
                        ConnectException.class,
                        e -> Mono.just(e.reason().error().name()));
    }
}
