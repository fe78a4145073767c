package io.weir.reactive.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ConnectionManager;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerState;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
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
                        .onRequest("echo", request -> Mono.just(request.payload()))
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

    @Test
    void everyCallOnPeersThatComeAndGoEnds() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(THREADS * CALLS);
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<PeerAddress> addresses =
                IntStream.range(0, SERVERS).mapToObj(ConcurrentPeersTest::at).toList();
        keeper.peers().connectAll(addresses);
        for (int t = 0; t < THREADS; t++) {
            Random random = new Random(t);
            new Thread(() -> {
                        for (int i = 0; i < CALLS; i++) {
                            if (random.nextInt(4) == 0) {
                                call(keeper.peers(), random);
                            }
                            Disposable asked = calls(random)
                                    .request("echo", "x", Codec.utf8(), Codec.utf8())
                                    .doFinally(signal -> ended.countDown())
                                    .subscribe(reply -> {}, failures::add);
                            if (random.nextInt(8) == 0) {
                                asked.dispose();
                            }
                        }
                    })
                    .start();
        }
        assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("all have ended")
                .isTrue();
        assertThat(failures)
                .allMatch(e -> e instanceof ConnectException || e instanceof ReplyMissingException, "tells why");
        keeper.peers().connectAll(addresses);
        List<String> replies = Flux.fromIterable(servers)
                .flatMap(server ->
                        keeper.peer(server.id()).within(PATIENCE).request("echo", "x", Codec.utf8(), Codec.utf8()))
                .collectList()
                .block(PATIENCE);
        assertThat(replies).as("who calls them now").hasSize(SERVERS).containsOnly("x");
    }

    /** Of a server, by its id or as it is kept, which wait or not. */
    private PeerCalls calls(Random random) {
        int server = random.nextInt(SERVERS);
        Duration wait = Duration.ofMillis(random.nextInt(3) * 20L);
        PeerCalls byId = keeper.peer(servers.get(server).id()).within(wait);
        return random.nextBoolean()
                ? byId
                : keeper.peers()
                        .find(at(server))
                        .map(managed -> managed.within(wait))
                        .orElse(byId);
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
