package io.weir.benchmarks.jmh;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.Weir;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.metrics.WeirMetrics;
import io.weir.reactive.NativeCipher;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.jfr.FlightRecording;
import io.weir.reactive.transport.memory.MemoryNetwork;
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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Elements over a session of two nodes in one thread, in memory: what it costs that somebody observes the sender. With one
 * element in a record the cost of a record shows, which is all that an observer adds.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ObserverBenchmark {

    private static final int PAYLOAD_BYTES = 64;

    /** Who observes: nobody, somebody who does nothing, one who counts, Flight Recorder with no recording, or Micrometer's meters. */
    @Param({"none", "idle", "counting", "jfr", "meters"})
    public String observer = "none";

    /** Elements that share a record. */
    @Param({"1", "64"})
    public int elements;

    private final TaskQueue tasks = new TaskQueue();
    private final byte[] payload = new byte[PAYLOAD_BYTES];
    private @Nullable PeerStream stream;

    /** A benchmark that JMH sets up. */
    public ObserverBenchmark() {}

    /** Connects two nodes, and opens a stream. */
    @Setup
    public void connect() {
        MemoryNetwork network = MemoryNetwork.on(tasks);
        started(
                network,
                Weir.node()
                        .listen(PeerAddress.memory("server"))
                        .onStream(
                                "x", incoming -> incoming.receive(Codec.bytes()).then()));
        PeerNodeSpec spec = Weir.node();
        NodeObserver observing = observing();
        PeerNode client = started(network, observing == null ? spec : spec.observer(observing));
        AtomicReference<PeerSession> session = new AtomicReference<>();
        client.connect(PeerAddress.memory("server")).subscribe(session::set);
        tasks.run();
        stream = Objects.requireNonNull(session.get(), "a session").openStream("x", StreamConfig.fireAndForget());
        send();
    }

    private @Nullable NodeObserver observing() {
        return switch (observer) {
            case "none" -> null;
            case "idle" -> new NodeObserver() {};
            case "counting" -> new Counting();
            case "jfr" -> FlightRecording.observer();
            case "meters" -> WeirMetrics.in(new SimpleMeterRegistry()).observer();
            default -> throw new IllegalArgumentException(observer);
        };
    }

    private PeerNode started(MemoryNetwork network, PeerNodeSpec spec) {
        AtomicReference<PeerNode> node = new AtomicReference<>();
        spec.identity(Identity.generate(new SecureRandom()::nextBytes))
                .nativeCipher(NativeCipher.REFUSED)
                .transport(network.transport())
                .start()
                .subscribe(node::set);
        tasks.run();
        return Objects.requireNonNull(node.get(), "a node");
    }

    /** Sends so many elements and lets them, and the credit that comes back, arrive. */
    @Benchmark
    public int send() {
        PeerStream sending = Objects.requireNonNull(stream);
        for (int i = 0; i < elements; i++) {
            if (sending.trySend(payload, Codec.bytes()) != TrySend.OK) {
                throw new IllegalStateException("no credit");
            }
        }
        return tasks.run();
    }

    private static final class Counting implements NodeObserver {
        private long records;
        private long bytes;

        @Override
        public void onRecordSent(PeerSession session, int size) {
            records++;
            bytes += size;
        }

        @Override
        public String toString() {
            return records + " records, " + bytes + " bytes";
        }
    }
}
