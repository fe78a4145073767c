package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.PooledByteBufAllocator;
import io.weir.Weir;
import io.weir.core.error.SessionClosedException;
import io.weir.core.identity.Identity;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.operator.PeerRetry;
import io.weir.reactive.transport.tcp.TcpTransport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A thousand peers on one node over loopback, all in this process. What depends on the machine is reported in {@code
 * target/scale.md}; what does not is asserted.
 */
@Tag("scale")
class ScaleTest {

    private static final int PEERS = 1_000;
    private static final int GOAL_BYTES = 20 * 1024;

    private static final Duration STEP = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(12);
    private static final long BIN_MILLIS = 250;

    private static final NodeLimits LIMITS = NodeLimits.defaults()
            .withMaxSessionsPerAddress(4 * PEERS)
            .withMaxHandshakes(4 * PEERS)
            .withMaxConnectsPerSecond(4 * PEERS)
            .withHandshakeTimeout(STEP);

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Identity identity = Identity.generate();

    /** One loop: a node keeps a record's buffer for each loop that its sessions run on, which is not a session's heap. */
    private final TcpTransport clientLinks = TcpTransport.create(1);

    private final List<PeerNode> clients = new ArrayList<>();
    private final Disposable.Composite kept = Disposables.composite();
    private final ConcurrentLinkedQueue<Long> dialsNanos = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> firstWaitsNanos = new ConcurrentLinkedQueue<>();
    private final List<String> report = new ArrayList<>();
    private final AtomicInteger live = new AtomicInteger();
    private PeerNode server = start(0);

    @AfterEach
    void stop() {
        kept.dispose();
        clients.forEach(PeerNode::dispose);
        server.close().block(STEP);
        clientLinks.disposeLater().block(STEP);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aThousandPeersIdleAndComeBackAfterARestart() throws IOException {
        int peers = peersThatFit();
        for (int i = 0; i < peers; i++) {
            clients.add(Weir.node().limits(LIMITS).transport(clientLinks).startNow(STEP));
        }
        List<PeerSession> first = connectAll();
        use(first);
        Flux.fromIterable(first).flatMap(PeerSession::close).blockLast(STEP);
        awaitSessions(0);
        long without = Heap.used();

        List<PeerSession> sessions = connectAll();
        awaitSessions(peers);
        long fresh = (Heap.used() - without) / (2L * peers);
        report("heap of a session that was never used: %,d bytes", fresh);
        report(
                "promised to %,d idle sessions: %,d of %,d bytes",
                peers, server.reservedBytes(), LIMITS.nodeBudgetBytes());

        use(sessions);
        Mono.delay(IDLE).block(); // what they used goes, and what it had compiled is compiled
        long cpu = system.getProcessCpuTime();
        long from = System.nanoTime();
        Mono.delay(IDLE).block();
        double share = (system.getProcessCpuTime() - cpu) / 2.0 / (System.nanoTime() - from);
        report("CPU of %,d idle sessions, each end: %.1f %% of a core", peers, 100 * share);
        long used = (Heap.used() - without) / (2L * peers);
        report("heap of a session that was used and is idle: %,d bytes", used);
        report(
                "direct memory of all, both ends: %,d bytes",
                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());

        restart(sessions);

        Files.write(Files.createDirectories(Path.of("target")).resolve("scale.md"), report);
        assertThat(fresh).as("with what the rest of the process has grown").isBetween(1L, 2L * GOAL_BYTES);
        assertThat(used).as("with what the rest of the process has grown").isBetween(1L, 2L * GOAL_BYTES);
    }

    /** Both ends of each session are files of this process. */
    private int peersThatFit() {
        if (!(system instanceof UnixOperatingSystemMXBean unix)) {
            return PEERS;
        }
        long free = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() - 200;
        assumeThat(free).as("file descriptors left").isGreaterThan(400);
        int peers = (int) Math.min(PEERS, free / 2);
        report("peers: %,d", peers);
        return peers;
    }

    private PeerNode start(int port) {
        return Weir.node()
                .identity(identity)
                .limits(LIMITS)
                .listen(PeerAddress.tcp("127.0.0.1", port))
                .onEvent(this::count)
                .onRequest("echo", request -> Mono.just(request.payload()))
                .onStream("sink", stream -> stream.receive(Codec.buffers()).then())
                .startNow(STEP);
    }

    private List<PeerSession> connectAll() {
        PeerAddress address = server.addresses().get(0);
        return Objects.requireNonNull(Flux.fromIterable(clients)
                .flatMap(client -> client.connect(address), 64)
                .collectList()
                .block(STEP));
    }

    private void awaitSessions(int count) {
        Flux.interval(Duration.ofMillis(20)).filter(tick -> live.get() == count).blockFirst(STEP);
    }

    private void count(PeerEvent event) {
        if (event instanceof PeerEvent.ConnectionReady) {
            live.incrementAndGet();
        } else if (event instanceof PeerEvent.ConnectionClosed || event instanceof PeerEvent.ConnectionLost) {
            live.decrementAndGet();
        }
    }

    /** So that idle sessions have had every kind of traffic, and more of it than they keep memory for. */
    private static void use(List<PeerSession> sessions) {
        Flux.fromIterable(sessions)
                .flatMap(
                        session -> Mono.when(
                                Flux.range(0, 300)
                                        .flatMap(
                                                i -> session.request(
                                                        "echo", new byte[64], Codec.bytes(), Codec.bytes()),
                                                300),
                                session.request("echo", new byte[200_000], Codec.bytes(), Codec.bytes()),
                                session.openStream("sink", StreamConfig.reliable())
                                        .send(Flux.range(0, 300).map(i -> new byte[1_000]), Codec.bytes())),
                        16)
                .blockLast(STEP);
    }

    private void restart(List<PeerSession> sessions) {
        PeerAddress address = server.addresses().get(0);
        server.close().block(STEP);
        long lost = System.nanoTime();
        for (int i = 0; i < clients.size(); i++) {
            kept.add(keep(clients.get(i), sessions.get(i), address));
        }
        Mono.delay(Duration.ofSeconds(1)).block();
        server = start(address.port());
        long up = System.nanoTime();
        awaitSessions(clients.size());
        report("all are back %,d ms after the restart", (System.nanoTime() - up) / 1_000_000);
        reportDials(lost);
    }

    private Disposable keep(PeerNode client, PeerSession before, PeerAddress address) {
        Mono<PeerSession> dial = Mono.defer(() -> {
            dialsNanos.add(System.nanoTime());
            return client.connect(address);
        });
        boolean[] begun = {false};
        return Mono.defer(() -> begun[0] ? dial : Mono.just(before))
                .doOnNext(session -> begun[0] = true)
                .flatMap(session -> session.onClose().flatMap(reason -> Mono.error(new SessionClosedException(reason))))
                .retryWhen(PeerRetry.of(ConnectionPolicy.defaults()).on(new Waiting()))
                .subscribe(null, e -> {});
    }

    private void reportDials(long fromNanos) {
        report("dials in each %d ms since the node was gone, up again after 1 s:", BIN_MILLIS);
        List<Integer> bins =
                bins(dialsNanos.stream().map(nanos -> nanos - fromNanos).toList());
        for (int bin = 0; bin < bins.size(); bin++) {
            report("%6d ms %5d %s", bin * BIN_MILLIS, bins.get(bin), "*".repeat(bins.get(bin) / 10));
        }
        // how they come out depends on the machine, which may stand still meanwhile
        int most = bins(List.copyOf(firstWaitsNanos)).stream()
                .mapToInt(n -> n)
                .max()
                .orElseThrow();
        assertThat(most)
                .as("first dials that were meant for the same %d ms", BIN_MILLIS)
                .isBetween(1, clients.size() * 2 / 3);
    }

    /** How many fall into each {@link #BIN_MILLIS}. */
    private static List<Integer> bins(List<Long> allNanos) {
        List<Integer> bins = new ArrayList<>();
        for (long nanos : allNanos) {
            int bin = (int) (nanos / 1_000_000 / BIN_MILLIS);
            while (bins.size() <= bin) {
                bins.add(0);
            }
            bins.set(bin, bins.get(bin) + 1);
        }
        return bins;
    }

    /** Notes how long the wait is to be before the first dial of a peer. */
    private final class Waiting implements Scheduler {
        private final Scheduler actual = Schedulers.parallel();
        private final AtomicBoolean noted = new AtomicBoolean();

        @Override
        public Disposable schedule(Runnable task) {
            return actual.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            if (noted.compareAndSet(false, true)) {
                firstWaitsNanos.add(unit.toNanos(delay));
            }
            return actual.schedule(task, delay, unit);
        }

        @Override
        public Worker createWorker() {
            return actual.createWorker();
        }
    }

    private void report(String format, Object... values) {
        report.add(String.format(format, values));
    }
}
