package io.weir.benchmarks.load;

import com.sun.management.UnixOperatingSystemMXBean;
import io.weir.benchmarks.measure.Percentiles;
import io.weir.benchmarks.run.PeerFailure;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/**
 * C: so many sessions over TCP with one node, each of a peer of its own, with a request of 1 KiB each second each. The peers are at
 * many addresses of the loopback interface, since one has no more ports than there are. The requests of a second are spread over it,
 * and go on until neither process compiles much before those that count. All peers are in one process: what holds that up, such as a
 * collection of its heap, is in the times too, and is told beside them.
 *
 * @param sessions wanted; there are fewer where the system allows fewer files
 * @param time how long they ask
 */
record ManySessions(int sessions, Duration time) implements Load {

    private static final String LOAD = "C";
    private static final int ADDRESSES = 40;
    private static final int PAYLOAD_BYTES = 1_024;
    private static final int FILES_BESIDE = 256;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int GOAL_HEAP_BYTES = 15 * 1_024;
    private static final long GOAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    @Override
    public List<Finding> run() throws IOException, PeerFailure, InterruptedException {
        int count = allowed();
        try (ServerProcess server = ServerProcess.start("weir");
                Clients clients = new Clients(count)) {
            int port = PeerAddress.parse(server.address()).port();
            try (Clients first = new Clients(1)) { // what a node has whatever its sessions
                use(first.connectAll(i -> at(i, port)), warmUp());
            }
            long before = Figures.field(server.heap(), LoadServer.HEAP_BYTES);
            AtomicInteger lost = new AtomicInteger();
            List<PeerSession> all = clients.connectAll(i -> at(i, port));
            all.forEach(session -> session.onClose().subscribe(reason -> lost.incrementAndGet()));
            int rounds = WarmUp.settle(server, warmUp(), howLong -> use(all, howLong));
            Spent here = Spent.now();
            Spent there = Spent.ofFields(server.sample());
            Answers answers = use(all, time);
            Spent held = Spent.now().since(here);
            Spent heldThere = Spent.ofFields(server.sample()).since(there);
            int lostUntilNow = lost.get();
            Map<String, String> after = server.heap();
            long heap = (Figures.field(after, LoadServer.HEAP_BYTES) - before) / count;
            long live = Figures.field(after, LoadServer.SESSIONS);
            if (answers.asked() != answers.answered() + answers.busy() + answers.failed()) {
                throw new IllegalStateException("requests that are not accounted for");
            }
            Percentiles times = answers.acceptedTimes();
            return List.of(
                    Finding.told(LOAD, "sessions, and files that the system allows a process", count + ", " + files()),
                    new Finding(
                            LOAD,
                            "sessions lost, requests failed of " + answers.asked(),
                            (count - live + lostUntilNow) + ", " + (answers.failed() + answers.busy()),
                            "0, 0",
                            live == count && lostUntilNow == 0 && answers.failed() + answers.busy() == 0),
                    new Finding(
                            LOAD,
                            "heap of the node for each session",
                            Figures.number(heap) + " bytes",
                            "< 15 KiB",
                            heap < GOAL_HEAP_BYTES),
                    Finding.told(LOAD, "warm-up, rounds of " + warmUp().toSeconds() + " s", Integer.toString(rounds)),
                    Finding.told(LOAD, "the node meanwhile, heap of 1 GiB", heldThere.toString()),
                    Finding.told(
                            LOAD,
                            "its peers meanwhile, heap of "
                                    + Figures.gib(Runtime.getRuntime().maxMemory()),
                            held.toString()),
                    Finding.told(LOAD, "requests, p50", Figures.micros(times.p50Nanos())),
                    new Finding(
                            LOAD,
                            "requests, p99",
                            Figures.micros(times.p99Nanos()),
                            "< 10,000 us",
                            times.p99Nanos() < GOAL_NANOS));
        }
    }

    private Duration warmUp() {
        return time.compareTo(WARM_UP) < 0 ? time : WARM_UP;
    }

    private static Answers use(List<PeerSession> sessions, Duration howLong) {
        Answers answers = new Answers();
        ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES);
        List<Mono<ByteBuffer>> requests = sessions.stream()
                .map(session -> session.request(LoadServer.ECHO, payload, Codec.buffers(), Codec.buffers()))
                .toList();
        Pace.keep(sessions.size(), howLong, i -> answers.ask(requests.get(i % requests.size())));
        answers.awaitAll(PATIENCE);
        return answers;
    }

    private static PeerAddress at(int number, int port) {
        return PeerAddress.tcp("127.0.0." + (1 + number % ADDRESSES), port);
    }

    private int allowed() {
        long free = files() - FILES_BESIDE;
        return (int) Math.max(1, Math.min(sessions, free));
    }

    private static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
    }
}
