package io.weir.reactive.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ConnectionManager;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerState;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A manager that many threads use at once. */
class ConcurrentPeersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SERVERS = 6;
    private static final int THREADS = 4;
    private static final int CALLS = 300;

    private final Scheduler scheduler = Schedulers.newParallel("peers", 3);
    private final MemoryNetwork network = MemoryNetwork.on(scheduler);
    private List<PeerNode> servers;
    private PeerNode keeper;

    @BeforeEach
    void start() {
        servers = IntStream.range(0, SERVERS)
                .mapToObj(i -> Weir.node()
                        .transport(network.transport())
                        .scheduler(scheduler)
                        .listen(at(i))
                        .startNow(PATIENCE))
                .toList();
        keeper = Weir.node().transport(network.transport()).scheduler(scheduler).startNow(PATIENCE);
    }

    @AfterEach
    void end() {
        servers.forEach(PeerNode::dispose);
        keeper.dispose();
        scheduler.dispose();
    }

    @Test
    void whateverManyThreadsDoTheLastWordCounts() throws InterruptedException {
        ConnectionManager peers = keeper.peers();
        CountDownLatch done = new CountDownLatch(THREADS);
        for (int t = 0; t < THREADS; t++) {
            Random random = new Random(t);
            new Thread(() -> {
                        for (int i = 0; i < CALLS; i++) {
                            call(peers, random);
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        List<ManagedPeer> all = peers.connectAll(
                IntStream.range(0, SERVERS).mapToObj(ConcurrentPeersTest::at).toList());
        Flux.fromIterable(all).flatMap(ManagedPeer::session).blockLast(PATIENCE);

        assertThat(all).allMatch(peer -> peer.state() instanceof PeerState.Ready);
        assertThat(peers.list()).containsExactlyInAnyOrderElementsOf(all);
        peers.states().doOnSubscribe(s -> keeper.dispose()).then().block(PATIENCE);
        assertThat(all).allMatch(peer -> peer.state() instanceof PeerState.Removed);
        assertThat(peers.list()).isEmpty();
    }

    private static void call(ConnectionManager peers, Random random) {
        PeerAddress address = at(random.nextInt(SERVERS));
        switch (random.nextInt(6)) {
            case 0, 1 -> peers.add(address);
            case 2 -> peers.find(address).ifPresent(ManagedPeer::remove);
            case 3 -> peers.find(address).ifPresent(ManagedPeer::retry);
            case 4 -> peers.find(address).ifPresent(peer -> peer.disconnect().subscribe());
            default -> {
                Disposable watching = peers.states().subscribe();
                watching.dispose();
            }
        }
    }

    private static PeerAddress at(int server) {
        return PeerAddress.memory("server" + server);
    }
}
