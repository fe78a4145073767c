package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A node in a process that may have few files open, and strangers who take them all. */
class FewFilesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final int FILES = 256;
    private static final int STRANGERS = 2 * FILES;

    @Test
    @Timeout(180)
    void pausesAcceptingWhileThereIsNoFileLeftAndItsSessionsGoOn() throws Exception {
        List<SocketChannel> strangers = new ArrayList<>();
        PeerNode friend = Weir.node().startNow(PATIENCE);
        PeerNode newcomer = Weir.node().startNow(PATIENCE);
        try (NodeInOwnJvm own = NodeInOwnJvm.start("ulimit -n " + FILES, InOwnJvm.class)) {
            PeerSession session = friend.connectNow(own.address(), PATIENCE);
            newcomer.connectNow(own.address(), PATIENCE).close().block(PATIENCE);

            assertThat(ask(session))
                    .as("and all classes are loaded, which takes files too")
                    .isEqualTo(2);

            InetSocketAddress address =
                    new InetSocketAddress(own.address().host(), own.address().port());
            for (int i = 0; i < STRANGERS; i++) {
                strangers.add(SocketChannel.open(address));
            }
            long accepted = whenNoMoreAreAccepted(session);
            assertThat(accepted).isBetween(50L, (long) FILES);
            for (int i = 0; i < 100; i++) {
                assertThat(ask(session)).isEqualTo(accepted);
            }

            for (SocketChannel stranger : strangers) {
                stranger.close();
            }
            PeerSession late = newcomer.connectNow(own.address(), PATIENCE);
            assertThat(ask(late)).as("those that had waited, and the newcomer").isEqualTo(2 + STRANGERS + 1);
            assertThat(ask(session)).isEqualTo(2 + STRANGERS + 1);
            assertThat(own.isAlive()).isTrue();
        } finally {
            for (SocketChannel stranger : strangers) {
                stranger.close();
            }
            friend.dispose();
            newcomer.dispose();
        }
    }

    private static long whenNoMoreAreAccepted(PeerSession session) {
        return Flux.interval(LOOK)
                .onBackpressureDrop()
                .concatMap(tick -> asked(session), 1)
                .buffer(3, 1)
                .filter(last -> last.get(0) > 2 && last.stream().distinct().count() == 1)
                .map(last -> last.get(0))
                .blockFirst(PATIENCE);
    }

    private static long ask(PeerSession session) {
        return asked(session).block(PATIENCE);
    }

    private static Mono<Long> asked(PeerSession session) {
        return session.request("accepted", "", Codec.utf8(), Codec.utf8()).map(Long::valueOf);
    }

    /** Listens until it is ended, and tells how many connections it has accepted. */
    static final class InOwnJvm {

        private InOwnJvm() {}

        public static void main(String[] args) throws Exception {
            PeerNode[] node = new PeerNode[1];
            node[0] = Weir.node()
                    .listen(PeerAddress.tcp("127.0.0.1", 0))
                    .limits(NodeLimits.defaults()
                            .withMaxSessionsPerAddress(10_000)
                            .withMaxConnectsPerSecond(10_000)
                            .withHandshakeTimeout(Duration.ofMinutes(5)))
                    .onRequest(
                            "accepted",
                            request -> Mono.fromSupplier(() -> StandardCharsets.UTF_8.encode(
                                    Long.toString(node[0].stats().accepted()))))
                    .startNow(PATIENCE);
            NodeInOwnJvm.serve(node[0]);
        }
    }
}
