package io.weir.reactive.blocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.HalfState;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.dispatch.Workers;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** {@code toStream}, {@code toIterable} and {@code block} on virtual threads, as docs-site/virtual-threads.md has them. */
class VirtualThreadsTest {

    /** From JDK 24 on a virtual thread that waits inside {@code synchronized} gives its carrier up (JEP 491). */
    private static final int FIRST_JDK = 25;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int THREADS = 1_000;
    private static final int AHEAD = 16;
    private static final Codec<Integer> INT = Codec.json(Integer.class);

    private final Scheduler loops = Schedulers.newParallel("loops", 2);
    private final MemoryNetwork network = MemoryNetwork.on(loops);
    private final List<PeerNode> nodes = new ArrayList<>();
    private ExecutorService threads;
    private Scheduler virtual;

    @BeforeAll
    static void hasVirtualThreads() {
        int jdk = Runtime.version().feature();
        assumeTrue(
                jdk >= FIRST_JDK, "virtual threads that are never pinned: JDK " + FIRST_JDK + ", and this is " + jdk);
    }

    @BeforeEach
    void start() throws ReflectiveOperationException {
        // by reflection: the tests are compiled for JDK 17
        threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        virtual = Schedulers.fromExecutorService(threads);
    }

    @AfterEach
    void end() {
        nodes.forEach(PeerNode::dispose);
        threads.shutdownNow();
        loops.dispose();
    }

    private PeerSession connect(UnaryOperator<PeerNodeSpec> server) {
        nodes.add(server.apply(Weir.node().transport(network.transport()).listen(PeerAddress.memory("server")))
                .startNow(PATIENCE));
        PeerNode client = Weir.node().transport(network.transport()).startNow(PATIENCE);
        nodes.add(client);
        return client.connectNow(PeerAddress.memory("server"), PATIENCE);
    }

    private <T> List<T> all(int count, Callable<T> task) throws Exception {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(threads.submit(task));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
        return results;
    }

    private static Flux<Integer> numbers(Publisher<Integer> upTo) {
        return Mono.from(upTo).flatMapMany(n -> Flux.range(1, n));
    }

    @Test
    void aThousandThreadsReadAStreamEach() throws Exception {
        PeerSession session = connect(spec -> spec.onStream(
                "numbers", stream -> stream.send(numbers(stream.receive(INT).next()), INT)));

        List<Integer> sums = all(THREADS, () -> {
            try (Stream<Integer> numbers =
                    session.exchange("numbers", Mono.just(200), INT, INT).toStream(AHEAD)) {
                return numbers.mapToInt(Integer::intValue).sum();
            }
        });

        assertThat(sums).hasSize(THREADS).containsOnly(20_100);
    }

    @Test
    void aThousandHandlersBlockAtOnceAndTheLoopsGoOn() throws Exception {
        CountDownLatch waiting = new CountDownLatch(THREADS);
        CountDownLatch open = new CountDownLatch(1);
        RequestHandler blocking = RequestHandler.typed(
                INT,
                INT,
                n -> Mono.fromCallable(() -> {
                    waiting.countDown();
                    open.await();
                    return n + 1;
                }));
        PeerSession session = connect(spec -> spec.onRequest("wait", blocking.on(virtual)));

        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            answers.add(threads.submit(
                    () -> session.request("wait", number, INT, INT).block(PATIENCE)));
        }
        assertThat(waiting.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("all of them are in their handlers, asked by threads that wait too")
                .isTrue();
        assertThat(session.ping().block(PATIENCE)).as("both loops are free").isPositive();

        open.countDown();
        for (int i = 0; i < THREADS; i++) {
            assertThat(answers.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(i + 1);
        }
    }

    @Test
    void workersOfVirtualThreadsRunSoManyAtOnceAndNoMore() throws Exception {
        int most = 100;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger highest = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(most);
        CountDownLatch open = new CountDownLatch(1);
        Workers workers = Workers.on(virtual, most, THREADS);
        RequestHandler blocking = RequestHandler.typed(
                INT,
                INT,
                n -> Mono.fromCallable(() -> {
                    highest.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    full.countDown();
                    open.await();
                    inside.decrementAndGet();
                    return n + 1;
                }));
        PeerSession session = connect(spec -> spec.onRequest("wait", blocking.on(workers)));

        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 3 * most; i++) {
            int number = i;
            answers.add(threads.submit(
                    () -> session.request("wait", number, INT, INT).block(PATIENCE)));
        }
        assertThat(full.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        open.countDown();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(i + 1);
        }
        assertThat(highest).hasValue(most);
    }

    @Test
    void aConsumerThatRestsStopsThePublisher() throws Exception {
        StreamConfig window = StreamConfig.reliable().withFixedWindow(16 * 1_024); // 16 elements of 1,024
        AtomicInteger emitted = new AtomicInteger();
        CountDownLatch stopped = new CountDownLatch(1);
        NodeObserver observer = new NodeObserver() {
            @Override
            public void onHalfState(PeerSession s, StreamId id, HalfState left, long nanos, HalfState entered) {
                if (entered == HalfState.BLOCKED_BY_CREDIT) {
                    stopped.countDown();
                }
            }
        };
        PeerSession session = connect(spec -> spec.observer(observer)
                .onStream(
                        "bytes",
                        stream -> stream.send(
                                Flux.range(1, 100_000)
                                        .doOnNext(n -> emitted.incrementAndGet())
                                        .map(n -> new byte[1_008]),
                                Codec.bytes())));

        int read = threads.submit(() -> {
                    Iterator<byte[]> bytes = session.openStream("bytes", window)
                            .receive(Codec.bytes())
                            .toIterable(AHEAD)
                            .iterator();
                    bytes.next();
                    // it rests, as if it wrote to a slow disk, until nothing more can be sent to it
                    assertThat(stopped.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                    return 1;
                })
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(read).isEqualTo(1);
        assertThat(emitted.get())
                .as("the window, what the iterator takes ahead, and what was asked of the publisher")
                .isBetween(AHEAD, 16 + 2 * AHEAD + 16);
    }

    @Test
    void closingTheStreamCancelsThePublisher() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        PeerSession session = connect(spec -> spec.onStream(
                "endless",
                stream -> stream.send(Flux.range(1, Integer.MAX_VALUE).doOnCancel(cancelled::countDown), INT)));

        int first = threads.submit(() -> {
                    try (Stream<Integer> numbers = session.openStream("endless", StreamConfig.reliable())
                            .receive(INT)
                            .toStream(AHEAD)) {
                        return numbers.findFirst().orElseThrow();
                    }
                })
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(first).isEqualTo(1);
        assertThat(cancelled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void blockingInAHandlerOnTheLoopIsRefusedAtOnceAndHarmsNobody() {
        PeerSession session = connect(spec -> spec.onRequest(
                "blocks",
                RequestHandler.typed(
                        INT,
                        INT,
                        n -> Mono.just(
                                Mono.just(n).hide().delayElement(PATIENCE).block()))));

        assertThatThrownBy(() -> session.request("blocks", 1, INT, INT).block(PATIENCE))
                .hasMessageContaining("APPLICATION_ERROR");
        assertThat(session.ping().block(PATIENCE)).isPositive();
    }

    @Test
    void nobodyIsPinnedForLong(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pinned.jfr");
        try (Recording recording = new Recording()) {
            recording
                    .enable("jdk.VirtualThreadPinned")
                    .withThreshold(Duration.ofMillis(20))
                    .withStackTrace();
            recording.start();
            aThousandThreadsReadAStreamEach();
            recording.stop();
            recording.dump(file);
        }
        assertThat(pinned(file)).isEmpty();
    }

    private static List<RecordedEvent> pinned(Path file) throws IOException {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("jdk.VirtualThreadPinned"))
                .toList();
    }
}
