package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A node in a JVM with little memory, and peers that use all the credit it gives. */
class SmallHeapTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int SAME = 5;

    private static final int PEERS = 20;
    private static final int MESSAGES_OF_EACH = 100_000;

    /** A message of one byte costs 17 of credit: objects for all that wait would be many times what was promised. */
    @Test
    void holdsWhatItHasCreditForWhileItsHandlersStandStill() throws Exception {
        List<PeerNode> nodes = new ArrayList<>();
        try (NodeInOwnJvm own = NodeInOwnJvm.start(
                ":", InOwnJvm.class, "-Xmx128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")) {
            PeerAddress address = own.address();
            AtomicLong sent = new AtomicLong();
            for (int i = 0; i < PEERS; i++) {
                PeerNode node = Weir.node().startNow(PATIENCE);
                nodes.add(node);
                flood(node.connectNow(address, PATIENCE), sent);
            }
            long taken = whenNoMoreIsTaken(sent);

            PeerNode other = Weir.node().startNow(PATIENCE);
            nodes.add(other);
            PeerSession late = other.connectNow(address, PATIENCE);
            String used = late.request("used", "", Codec.utf8(), Codec.utf8()).block(PATIENCE);

            assertThat(own.isAlive()).isTrue();
            assertThat(used).isNotEmpty();
            assertThat(taken).as("messages that the node has").isGreaterThan(100_000);
            assertThat(taken).as("messages that the node has").isLessThan((long) PEERS * MESSAGES_OF_EACH);
        } finally {
            nodes.forEach(PeerNode::dispose);
        }
    }

    private static void flood(PeerSession session, AtomicLong sent) {
        Flux.range(0, MESSAGES_OF_EACH)
                .flatMap(i -> session.send("stuck", "x", Codec.utf8()).doOnSuccess(done -> sent.incrementAndGet()), 64)
                .subscribe(null, e -> {}); // it ends with its session
    }

    /** How many were sent when the senders have run out of credit. */
    private static long whenNoMoreIsTaken(AtomicLong sent) {
        return Flux.interval(LOOK)
                .map(tick -> sent.get())
                .buffer(SAME, 1)
                .filter(last -> last.get(0) > 0 && last.get(0).equals(last.get(SAME - 1)))
                .map(last -> last.get(0))
                .blockFirst(PATIENCE);
    }

    /** Listens until it is ended; its handler of messages never ends. */
    static final class InOwnJvm {

        private InOwnJvm() {}

        public static void main(String[] args) throws Exception {
            PeerNode node = Weir.node()
                    .listen(PeerAddress.tcp("127.0.0.1", 0))
                    .onMessage("stuck", message -> Mono.never())
                    .onRequest("used", request -> Mono.fromCallable(InOwnJvm::used))
                    .startNow(PATIENCE);
            NodeInOwnJvm.serve(node);
        }

        private static ByteBuffer used() {
            Runtime runtime = Runtime.getRuntime();
            return StandardCharsets.UTF_8.encode(runtime.totalMemory() - runtime.freeMemory() + " bytes");
        }
    }
}
