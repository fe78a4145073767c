package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.wire.Headers;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.Heap;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a peer may make this node hold, measured. */
class MemoryBoundTest {

    private static final int[] SIZES = {1, 64, 1024, 16 * 1024};
    private static final Map<Integer, ByteBuffer> ELEMENTS =
            IntStream.of(SIZES).boxed().collect(Collectors.toMap(size -> size, ByteBuffer::allocate));
    private static final long WINDOW = 65_536;
    private static final long MIB = 1024 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    void aHundredStalledStreamsOfOneSizeEachHoldNoMoreThanTheirReservations() {
        assertStalledStreamsStayWithinReservations((stream) -> SIZES[stream % SIZES.length]);
    }

    @Test
    void aHundredStalledStreamsOfAllSizesHoldNoMoreThanTheirReservations() {
        AtomicInteger turn = new AtomicInteger();
        assertStalledStreamsStayWithinReservations(stream -> SIZES[turn.getAndIncrement() % SIZES.length]);
    }

    /**
     * What the elements that wait take, and nothing else: the streams are there before, and what waits to be sent is the
     * same few arrays for all. So the figure is payloads with their lengths and the arrays they are in, whatever the
     * headers and references of this JVM take.
     */
    private static void assertStalledStreamsStayWithinReservations(IntUnaryOperator sizeForStream) {
        Map<Integer, ByteBuffer> payloads = new HashMap<>();
        IntStream.of(SIZES).forEach(size -> payloads.put(size, ByteBuffer.allocate(size)));
        Sinks.Empty<Void> begun = Sinks.empty();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("flood", stream -> {
            int number = Integer.parseInt(String.valueOf(stream.headers().text("number")));
            return stream.send(
                    Flux.<ByteBuffer>generate(sink -> sink.next(payloads.get(sizeForStream.applyAsInt(number))))
                            .delaySubscription(begun.asMono()),
                    Codec.buffers());
        }))) {
            long session = pair.client.reservedBytes();
            List<BaseSubscriber<ByteBuffer>> stalled = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                stalled.add(stalled(pair, i));
            }
            pair.settle();
            long before = Heap.used();
            begun.tryEmitEmpty();
            pair.settle();
            long held = Heap.used() - before;
            assertThat(pair.client.reservedBytes() - session)
                    .as("reserved for 100 streams")
                    .isGreaterThanOrEqualTo(100 * WINDOW);
            assertThat(held)
                    .as("heap held of what 100 stalled streams were sent")
                    .isGreaterThan(100 * WINDOW / 8)
                    .isLessThanOrEqualTo(100 * WINDOW);
            assertThat(stalled).hasSize(100);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAStreamThatNobodyClaimsHoldsIsFreeWhenItsPeerHasGone(boolean inGoodOrder) {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream unclaimed = pair.session.openStream("unclaimed", StreamConfig.reliable());
            unclaimed
                    .send(Flux.range(0, 30).map(i -> ByteBuffer.allocate(1_000)), Codec.buffers())
                    .subscribe(null, e -> {});
            pair.settle();
            assertThat(pair.server.reservedBytes())
                    .as("what it was sent, waiting, is within its window")
                    .isGreaterThanOrEqualTo(WINDOW);

            if (inGoodOrder) {
                pair.session.dispose();
            } else {
                pair.network.reset(NodePair.NAME);
            }
            pair.settle();
            assertThat(pair.server.reservedBytes()).isZero();
        }
    }

    private static BaseSubscriber<ByteBuffer> stalled(NodePair pair, int number) {
        BaseSubscriber<ByteBuffer> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                // asks for nothing
            }
        };
        pair.session
                .openStream(
                        new StreamId(number),
                        StreamOpen.named("flood").withHeaders(Headers.of("number", "" + number)),
                        StreamConfig.reliable())
                .receive(Codec.buffers())
                .subscribe(subscriber);
        return subscriber;
    }

    @Test
    void aThousandStreamsStayWithinTheSessionsBudget() {
        long budget = 16 * MIB;
        AtomicInteger handled = new AtomicInteger();
        NodeLimits limits = NodeLimits.defaults()
                .withNodeBudgetBytes(64 * MIB)
                .withSessionBudgetBytes(budget)
                .withMaxStreams(1_000);
        try (NodePair pair = NodePair.of(
                spec -> spec.limits(limits).onStream("x", stream -> {
                    handled.incrementAndGet();
                    return Mono.never();
                }),
                spec -> spec.limits(limits))) {
            List<PeerStream> streams = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                PeerStream stream =
                        pair.session.openStream(new StreamId(i), StreamOpen.named("x"), StreamConfig.reliable());
                stream.send(Flux.<ByteBuffer>generate(sink -> sink.next(ByteBuffer.allocate(1_000))), Codec.buffers())
                        .subscribe();
                streams.add(stream);
            }
            pair.settle();
            long sent = streams.stream()
                    .mapToLong(stream -> stream.stats().txSeq() * 1_016)
                    .sum();
            assertThat(sent)
                    .as("bytes sent into 1,000 streams that nobody reads")
                    .isBetween(budget / 2, budget);
            assertThat(handled.get()).isBetween(100, (int) (budget / WINDOW));
        }
    }

    /** Over TCP, where each end has a thread of its own: what the receiver's thread allocates is the receiver's. */
    @Test
    void receivingASmallElementAllocatesAtMost150Bytes() {
        ByteBuffer payload = ByteBuffer.allocate(64);
        long warmUp = 2_000_000;
        long measured = 1_000_000;
        PeerNode server = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onStream(
                        "flood",
                        stream -> stream.send(Flux.<ByteBuffer>generate(sink -> sink.next(payload)), Codec.buffers()))
                .startNow(TIMEOUT);
        PeerNode client = Weir.node().startNow(TIMEOUT);
        try {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long[] count = new long[1];
            long[] start = new long[1];
            Long allocated = client.connect(server.addresses().get(0))
                    .flatMapMany(session ->
                            session.openStream("flood", StreamConfig.reliable()).receive(Codec.buffers()))
                    .<Long>handle((element, sink) -> {
                        if (++count[0] == warmUp) {
                            start[0] = threads.getThreadAllocatedBytes(
                                    Thread.currentThread().getId());
                        } else if (count[0] == warmUp + measured) {
                            sink.next(threads.getThreadAllocatedBytes(
                                            Thread.currentThread().getId())
                                    - start[0]);
                        }
                    })
                    .next()
                    .block(Duration.ofSeconds(60));
            assertThat(allocated / measured)
                    .as("bytes allocated for each 64 B element received")
                    .isBetween(64L, 150L);
        } finally {
            client.dispose();
            server.dispose();
        }
    }
}
