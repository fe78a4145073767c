package io.weir.benchmarks.load;

import io.weir.Weir;
import io.weir.benchmarks.child.Line;
import io.weir.benchmarks.measure.ProcessMeter;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.StreamWorkload;
import io.weir.benchmarks.peer.weir.WeirPeer;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.Interaction;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.dispatch.Workers;
import io.weir.reactive.transport.tcp.TcpTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * The main class of the process that serves: {@code weir}, {@code streams N} or {@code tls FINGERPRINT}. It says where it listens,
 * answers each {@link #SAMPLE} and {@link #HEAP} with what it has counted, and ends with its input.
 */
public final class LoadServer {

    /** A request that its handler answers at once. */
    static final String ECHO = "echo";

    /** A request that takes {@link #SERVICE} of a worker. */
    static final String WORK = "work";

    static final int WORKERS = 8;
    static final int WAITING = WORKERS / 2;
    static final Duration SERVICE = Duration.ofMillis(2);

    /** Answer with what was counted. */
    static final String SAMPLE = "sample";

    /** The same behind a collection. */
    static final String HEAP = "heap";

    static final String HEAP_BYTES = "heapBytes";
    static final String SESSIONS = "sessions";
    static final String ANSWERED = "answered";
    static final String BUSY = "busy";
    static final String OTHERWISE = "otherwise";
    static final String RUNNING = "running";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int COLLECTIONS = 3;

    private final PeerNode node;
    private final Workers workers = Workers.create("work", WORKERS, WAITING);

    private LoadServer() {
        RequestHandler working = request -> {
            LockSupport.parkNanos(SERVICE.toNanos());
            return Mono.just(request.payload());
        };
        node = Weir.node()
                .limits(limits())
                .listen(PeerAddress.tcp("0.0.0.0", 0))
                .onRequest(ECHO, request -> Mono.just(request.payload()))
                .onRequest(WORK, working.on(workers))
                .startNow(PATIENCE);
    }

    /** Serves until its input ends. */
    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "weir" -> {
                LoadServer server = new LoadServer();
                String address =
                        PeerAddress.tcp("127.0.0.1", server.node.port()).toString();
                obey(address, server::fields);
            }
            case "streams" -> obey(serveStreams(Integer.parseInt(args[1])).address(), Map::of);
            default -> obey(TlsHandshakes.serve(args[1]), Map::of);
        }
    }

    /** Of nodes that have thousands of sessions from this machine. */
    static NodeLimits limits() {
        return NodeLimits.defaults()
                .withMaxSessions(100_000)
                .withMaxSessionsPerAddress(100_000)
                .withMaxHandshakes(10_000)
                .withMaxConnectsPerSecond(1_000_000)
                .withHandshakeTimeout(Duration.ofMinutes(1))
                .withConnectTimeout(Duration.ofMinutes(1))
                .withSilenceLimit(Duration.ofMinutes(1));
    }

    /** Endless streams of elements of this length. */
    private static Peer.Server serveStreams(int most) {
        return streamsPeer(most, TcpTransport.create(2)).serve(new StreamWorkload("cost", most, Cost.PAYLOAD_BYTES));
    }

    /** One side of them, on those loops, with room for so many streams in a session. */
    static WeirPeer streamsPeer(int most, TcpTransport links) {
        NodeLimits limits = limits();
        // a session may have a quarter of the handlers
        int handled = Math.max(limits.maxHandled(), 4 * most);
        long budget = Math.max(limits.sessionBudgetBytes(), limits.nodeBudgetBytes());
        PeerNodeSpec spec = Weir.node()
                .transport(links)
                .limits(limits.withMaxStreams(Math.max(most, 256))
                        .withMaxOpenedStreams(Math.max(most, 256))
                        .withMaxHandled(handled)
                        .withSessionBudgetBytes(budget));
        return WeirPeer.of("weir", "with room for many streams", spec);
    }

    private Map<String, String> fields() {
        Map<String, String> all = new LinkedHashMap<>(Spent.now().toFields());
        NodeStats stats = node.stats();
        NodeStats.Handled handled = stats.handled();
        long answered = count(handled.outcomes(), ErrorCode.NONE);
        long busy = count(handled.outcomes(), ErrorCode.BUSY);
        long unhandled = count(stats.refused().getOrDefault(Interaction.Kind.REQUEST, Map.of()), ErrorCode.BUSY);
        all.putAll(Map.of(
                SESSIONS, Long.toString(stats.sessions()),
                ANSWERED, Long.toString(answered),
                BUSY, Long.toString(busy + unhandled),
                OTHERWISE, Long.toString(handled.done() - answered - busy),
                RUNNING, Long.toString(handled.running())));
        return all;
    }

    private static long count(Map<ErrorCode, Long> counts, ErrorCode code) {
        return counts.getOrDefault(code, 0L);
    }

    private static void obey(String address, Supplier<Map<String, String>> more) throws IOException {
        ProcessMeter meter = ProcessMeter.counting(List.of());
        System.out.println(Line.of(Line.READY, "address", address));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = in.readLine(); SAMPLE.equals(command) || HEAP.equals(command); command = in.readLine()) {
            Map<String, String> fields = new LinkedHashMap<>();
            if (HEAP.equals(command)) {
                fields.put(HEAP_BYTES, Long.toString(heapBytes()));
            }
            fields.putAll(meter.sample().toFields());
            fields.putAll(more.get());
            System.out.println(new Line(Line.SAMPLE, fields));
        }
        System.exit(0);
    }

    /** What is still used when what is not has been collected. */
    private static long heapBytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        return memory.getHeapMemoryUsage().getUsed();
    }
}
