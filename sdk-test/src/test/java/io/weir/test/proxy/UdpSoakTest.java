package io.weir.test.proxy;

import static io.weir.test.assertj.WeirAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.Scenario;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Two nodes on the system's sockets with {@link Scenario#G4} between them, as busy as they can be for
 * {@code -Dweir.soak.minutes}: bulk both ways, and requests. Only with {@code -Psoak}.
 */
@Tag("soak")
final class UdpSoakTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RequestOptions PATIENT = RequestOptions.defaults().withTimeout(PATIENCE);
    private static final int ELEMENT_BYTES = 16 << 10;
    private static final int REQUESTS_AT_ONCE = 32;
    private static final int SAMPLES = 20;
    private static final long MIB = 1 << 20;

    private final Sinks.Empty<Void> stop = Sinks.empty();
    private final Bulk down = new Bulk();
    private final Bulk up = new Bulk();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong replied = new AtomicLong();

    /** What one direction carries: numbered elements, which come in order and each once. */
    private final class Bulk {
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong received = new AtomicLong();

        Flux<ByteBuffer> elements() {
            return Flux.<ByteBuffer>generate(
                            sink -> sink.next(ByteBuffer.allocate(ELEMENT_BYTES).putLong(0, sent.getAndIncrement())))
                    .takeUntilOther(stop.asMono());
        }

        void receive(ByteBuffer element) {
            assertThat(element.remaining()).isEqualTo(ELEMENT_BYTES);
            assertThat(element.getLong(element.position())).isEqualTo(received.getAndIncrement());
        }
    }

    /** Of one moment, after a collection: bytes that live on the heap, and bytes that Netty holds beside it. */
    private record Memory(long heap, long direct) {

        static Memory now() {
            System.gc();
            return new Memory(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void isFlatAndCountsRightForALongTime() {
        PeerNode server = Weir.node()
                .listen(PeerAddress.udp("127.0.0.1", 0))
                .onStream("down", stream -> stream.send(down.elements(), Codec.buffers()))
                .onStream(
                        "up",
                        stream -> stream.receive(Codec.buffers())
                                .doOnNext(up::receive)
                                .then())
                .onRequest("echo", request -> {
                    handled.incrementAndGet();
                    return Mono.just(request.payload());
                })
                .startNow(PATIENCE);
        PeerNode client = Weir.node().startNow(PATIENCE);
        UdpImpairment proxy = UdpImpairment.startNow(server.addresses().get(0), 1);
        try {
            proxy.play(Scenario.G4);
            PeerSession session = client.connectNow(proxy.address(), PATIENCE);
            Mono<Void> work = Mono.when(
                            session.subscribe("down", Codec.buffers()).doOnNext(down::receive),
                            session.openStream("up").send(up.elements(), Codec.buffers()),
                            requests(session))
                    .cache();
            work.subscribe();

            check(Objects.requireNonNull(sampled(work).block()));
            stop.tryEmitEmpty();
            work.block(PATIENCE);

            System.out.println(this);
            assertThat(down.received.get()).isEqualTo(down.sent.get());
            assertThat(up.received.get()).isEqualTo(up.sent.get());
            assertThat(replied.get()).isEqualTo(asked.get()).isEqualTo(handled.get());
            assertThat(session.messageStats().requestsReplied()).isEqualTo(asked.get());
            assertThat(session.messageStats().requestsOutstanding()).isZero();
            Mono.when(client.close(), server.close()).block(PATIENCE);
            assertThat(client).hasNothingReserved().hasNothingUnsent();
            assertThat(server).hasNothingReserved().hasNothingUnsent();
            proxy.close();
            for (Way way : Way.values()) {
                DatagramCounts counts = proxy.counts(way);
                System.out.println(way + " " + counts);
                assertThat(counts.came()).isEqualTo(counts.delivered() + counts.lost());
                assertThat((double) counts.lostByChance() / counts.came()).isBetween(0.004, 0.006);
            }
        } finally {
            client.dispose();
            server.dispose();
            proxy.close();
        }
    }

    private Mono<Void> requests(PeerSession session) {
        return Flux.<Long>generate(sink -> sink.next(asked.getAndIncrement()))
                .takeUntilOther(stop.asMono())
                .flatMap(number -> request(session, number), REQUESTS_AT_ONCE)
                .then();
    }

    private Mono<ByteBuffer> request(PeerSession session, long number) {
        ByteBuffer payload = ByteBuffer.allocate(Long.BYTES).putLong(0, number);
        return session.request("echo", payload, Codec.buffers(), Codec.buffers(), PATIENT)
                .doOnNext(reply -> {
                    assertThat(reply.getLong(reply.position())).isEqualTo(number);
                    replied.incrementAndGet();
                });
    }

    /** Memory, at even distances; ends with an error as soon as the work does. */
    private static Mono<List<Memory>> sampled(Mono<Void> work) {
        Duration all = Duration.ofMinutes(Long.getLong("weir.soak.minutes", 1));
        return Flux.interval(all.dividedBy(SAMPLES), Schedulers.boundedElastic())
                .take(SAMPLES)
                .map(tick -> Memory.now())
                .doOnNext(memory ->
                        System.out.printf("heap %d KiB, direct %d KiB%n", memory.heap >> 10, memory.direct >> 10))
                .takeUntilOther(work.then(Mono.error(new AssertionError("the work has ended"))))
                .collectList();
    }

    /** The second half holds no more than the first, but for what is under way at one moment and not at another. */
    private static void check(List<Memory> samples) {
        List<Memory> first = samples.subList(0, SAMPLES / 2);
        List<Memory> second = samples.subList(SAMPLES / 2, SAMPLES);
        assertThat(samples).hasSize(SAMPLES);
        assertThat(most(second, true)).isLessThanOrEqualTo(most(first, true) + 16 * MIB);
        assertThat(most(second, false)).isLessThanOrEqualTo(most(first, false) + 16 * MIB);
    }

    private static long most(List<Memory> samples, boolean heap) {
        return samples.stream()
                .mapToLong(memory -> heap ? memory.heap : memory.direct)
                .max()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return String.format(
                "down %d elements, up %d, %d requests", down.received.get(), up.received.get(), replied.get());
    }
}
