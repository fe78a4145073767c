package io.weir.reactive.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.integrity.MerkleTree;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.FastPathHandler;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.PeerNode;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.dispatch.Workers;
import io.weir.reactive.transport.UdpOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is shown in {@code docs-site/server.md}. */
class ServerPageTest {

    static PeerNode fastPath(AtomicLong height, FastPathHandler slow, Workers workers) {
        PeerNode node = Weir.node()
                .listen(PeerAddress.udp("::", 7400))
                .fastPath(42, (question, answer) -> {
                    answer.putLong(height.get());
                    return true; // false says nothing
                })
                .fastPath(43, slow.on(workers)) // may block
                .startNow(Duration.ofSeconds(10));
        return node;
    }

    static PeerNode manySockets() {
        PeerNode node = Weir.node()
                .udp(UdpOptions.defaults().withSockets(4)) // at one port, each on a loop of its own
                .listenOnOnePort("::", 7400)
                .startNow(Duration.ofSeconds(10));
        return node;
    }

    /** Of the page on QUIC. */
    static PeerNode withQuic() {
        PeerNode node = Weir.node()
                .listenOnOnePort("::", 7400, PeerAddress.TCP, PeerAddress.UDP, PeerAddress.QUIC)
                .startNow(Duration.ofSeconds(10));
        return node;
    }

    static PeerNode workers(RequestHandler quotes, MessageHandler ticks, StreamHandler prices) {
        Workers workers = Workers.create("work", 16); // 1,024 calls may wait; a third argument says how many

        PeerNode node = Weir.node()
                .listen(PeerAddress.tcp("::", 7400))
                .onRequest("quote", quotes.on(workers))
                .onMessage("tick", ticks.on(workers)) // all on the same threads, under the same bound
                .onStream("prices", prices.on(workers))
                .startNow(Duration.ofSeconds(10));
        return node;
    }

    static Mono<Vote> votes(MerkleTree tree, List<PeerAddress> others) {
        Supplier<RootSet> roots = () -> RootSet.of(List.of(tree.root()));
        IntegrityService service = IntegrityService.refreshing(roots, Duration.ofSeconds(1));
        PeerNode node = Weir.node()
                .listen(PeerAddress.udp("::", 7400))
                .fastPath(VoteCodec.COMMAND, service)
                .startNow(Duration.ofSeconds(10));

        Mono<Vote> majority = Votes.majority(
                Flux.fromIterable(others)
                        .flatMap(other -> node.vote(other, roots.get()).onErrorComplete()),
                others.size());
        return majority.doFinally(signal -> node.dispose());
    }

    static void stats(PeerNode node, Logger log) {
        node.stats(Duration.ofSeconds(10))
                .subscribe(stats -> log.info("{} sessions, {}", stats.sessions(), stats.handled()));
    }

    @Test
    @Timeout(60)
    void threeNodesAgree() {
        MerkleTree tree = new MerkleTree(10);
        tree.append(new byte[] {1});
        RootSet roots = RootSet.of(List.of(tree.root()));
        IntegrityService service = IntegrityService.refreshing(() -> roots, Duration.ofHours(1));
        List<PeerNode> nodes = Flux.range(0, 3)
                .flatMap(i -> Weir.node()
                        .listen(PeerAddress.udp("127.0.0.1", 0))
                        .fastPath(VoteCodec.COMMAND, service)
                        .start())
                .collectList()
                .block(Duration.ofSeconds(30));
        assertThat(nodes).isNotNull();
        try {
            Flux<Vote> votes = Flux.fromIterable(nodes)
                    .flatMap(other -> nodes.get(0).vote(other.addresses().get(0), roots));
            assertThat(Votes.majority(votes, 3).block(Duration.ofSeconds(30))).isEqualTo(Vote.AGREE);
        } finally {
            nodes.forEach(PeerNode::dispose);
            service.dispose();
        }
    }
}
