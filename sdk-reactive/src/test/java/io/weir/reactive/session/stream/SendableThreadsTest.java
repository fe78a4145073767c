package io.weir.reactive.session.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerStream;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Threads that send by {@code trySend} and wait by {@code sendable}, short of credit and of memory, in several sessions at once. */
class SendableThreadsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SERVERS = 3;
    private static final int THREADS_EACH = 2;
    private static final int ELEMENTS = 1_500;
    private static final int KIB = 1_024;

    private final Scheduler scheduler = Schedulers.newParallel("sendable", 3);
    private final MemoryNetwork network = MemoryNetwork.on(scheduler);
    private final ExecutorService threads = Executors.newFixedThreadPool(SERVERS * THREADS_EACH);
    private final List<PeerNode> nodes = new ArrayList<>();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @AfterEach
    void end() {
        threads.shutdownNow();
        nodes.forEach(PeerNode::dispose);
        scheduler.dispose();
    }

    /** One wake-up that is lost stops a thread for good, and with it the test. */
    @Test
    void nobodyWaitsInVainAndNothingIsLost() throws InterruptedException, ExecutionException, TimeoutException {
        PeerNode client = Weir.node()
                .transport(network.transport())
                .limits(NodeLimits.defaults()
                        .withSessionSendBudgetBytes(64 * KIB)
                        .withNodeSendBudgetBytes(64 * KIB))
                .startNow(PATIENCE);
        nodes.add(client);
        List<PeerStream> streams = new ArrayList<>();
        List<Future<?>> senders = new ArrayList<>();
        for (int server = 0; server < SERVERS; server++) {
            PeerStream stream = streamTo(client, PeerAddress.memory("server" + server));
            streams.add(stream);
            for (int thread = 0; thread < THREADS_EACH; thread++) {
                int size = (thread + 1) * 3 * KIB;
                senders.add(threads.submit(() -> send(stream, size)));
            }
        }
        for (Future<?> sender : senders) {
            sender.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        Flux.fromIterable(streams).flatMap(PeerStream::close).blockLast(PATIENCE);

        assertThat(received).hasValue(SERVERS * THREADS_EACH * ELEMENTS);
        assertThat(refused).hasPositiveValue();
    }

    private PeerStream streamTo(PeerNode client, PeerAddress address) {
        StreamConfig config = StreamConfig.reliable().withFixedWindow(16 * KIB);
        nodes.add(Weir.node()
                .transport(network.transport())
                .listen(address)
                .onStream(
                        "x",
                        config,
                        stream -> stream.receive(Codec.bytes())
                                .doOnNext(bytes -> received.incrementAndGet())
                                .then())
                .startNow(PATIENCE));
        return client.connectNow(address, PATIENCE).openStream("x", config);
    }

    private void send(PeerStream stream, int size) {
        byte[] element = new byte[size];
        for (int i = 0; i < ELEMENTS; i++) {
            while (stream.trySend(element, Codec.bytes()) == TrySend.BACKPRESSURE) {
                refused.incrementAndGet();
                stream.sendable().block(PATIENCE);
            }
        }
    }
}
