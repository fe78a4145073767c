package io.weir.benchmarks.jmh;

import io.weir.Weir;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.Interceptor;
import io.weir.reactive.NativeCipher;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Mono;

/**
 * Requests over a session of two nodes in one thread, in memory: what one costs, both sides together, and what an interceptor at
 * each side adds, which sees it where it is asked and where it is handled.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class InterceptorBenchmark {

    private static final int REQUESTS = 64;
    private static final String ROUTE = "echo";

    /** What intercepts at both sides: nothing, one that passes everything on, or one that hears each end too. */
    @Param({"none", "passing", "ends"})
    public String interceptor = "none";

    private final TaskQueue tasks = new TaskQueue();
    private final ByteBuffer payload = ByteBuffer.allocate(64);
    private @Nullable PeerSession session;
    private long ends;
    private long replies;

    /** A benchmark that JMH sets up. */
    public InterceptorBenchmark() {}

    /** Connects two nodes. */
    @Setup
    public void connect() {
        MemoryNetwork network = MemoryNetwork.on(tasks);
        started(
                network,
                Weir.node()
                        .listen(PeerAddress.memory("server"))
                        .onRequest(ROUTE, request -> Mono.just(request.payload())));
        AtomicReference<PeerSession> ready = new AtomicReference<>();
        started(network, Weir.node()).connect(PeerAddress.memory("server")).subscribe(ready::set);
        tasks.run();
        session = Objects.requireNonNull(ready.get(), "a session");
        request();
    }

    private PeerNode started(MemoryNetwork network, PeerNodeSpec spec) {
        Interceptor intercepting = intercepting();
        AtomicReference<PeerNode> node = new AtomicReference<>();
        (intercepting == null ? spec : spec.intercept(intercepting))
                .identity(Identity.generate(new SecureRandom()::nextBytes))
                .nativeCipher(NativeCipher.REFUSED)
                .transport(network.transport())
                .start()
                .subscribe(node::set);
        tasks.run();
        return Objects.requireNonNull(node.get(), "a node");
    }

    private @Nullable Interceptor intercepting() {
        return switch (interceptor) {
            case "none" -> null;
            case "passing" -> interaction -> interaction;
            case "ends" -> interaction -> interaction.doOnEnd(end -> ends++);
            default -> throw new IllegalArgumentException(interceptor);
        };
    }

    /** Asks so many times at once, and lets the replies arrive. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long request() {
        PeerSession asked = Objects.requireNonNull(session);
        long before = replies;
        for (int i = 0; i < REQUESTS; i++) {
            asked.request(ROUTE, payload, Codec.buffers(), Codec.buffers()).subscribe(reply -> replies++);
        }
        tasks.run();
        if (replies != before + REQUESTS) {
            throw new IllegalStateException("a reply is missing");
        }
        return ends;
    }
}
