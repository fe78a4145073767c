package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Many sessions share one node's memory: each idle one is promised little, so that each active one gets what it needs. */
class CrowdTest {

    private static final int SESSIONS = 100;

    /** As much for each as 1,000 sessions have on a heap of 512 MiB. */
    private static final long NODE_BYTES = SESSIONS * 65_536L;

    private static final NodeLimits CROWDED = NodeLimits.defaults()
            .withSessionBudgetBytes(NODE_BYTES)
            .withNodeBudgetBytes(NODE_BYTES)
            .withMaxSessionsPerAddress(2 * SESSIONS);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final LinkTransport network = MemoryNetwork.on(time).transport();
    private final AtomicLong bytes = new AtomicLong();
    private final PeerNode server = started(Weir.node()
            .limits(CROWDED)
            .listen(PeerAddress.memory("server"))
            .onRequest("echo", request -> Mono.just(request.payload()))
            .onStream(
                    "count",
                    stream -> stream.receive(Codec.bytes())
                            .doOnNext(element -> bytes.addAndGet(element.length))
                            .then())
            .onStream("never read", stream -> Mono.never()));
    private final List<PeerNode> clients = new ArrayList<>();
    private final List<PeerSession> sessions = new ArrayList<>();

    @BeforeEach
    void connect() {
        for (int i = 0; i < SESSIONS; i++) {
            join();
        }
    }

    @AfterEach
    void everyPromiseIsTakenBack() {
        clients.forEach(PeerNode::dispose);
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(server.reservedBytes()).isZero();
        server.dispose();
        time.advanceTimeBy(Duration.ofSeconds(2));
        time.dispose();
    }

    @Test
    void idleSessionsLeaveHalfOfTheMemoryFree() {
        assertThat(server.reservedBytes()).isBetween(1L, NODE_BYTES / 2);
    }

    @Test
    void everyIdleSessionMayBegin() {
        for (PeerSession session : sessions) {
            assertThat(echo(session, 30_000)).isEqualTo(30_000);
            send(session, 3, 50_000);
        }
        assertThat(bytes.get()).isEqualTo(SESSIONS * 150_000L);
        assertThat(server.reservedBytes()).isLessThanOrEqualTo(NODE_BYTES);
    }

    @Test
    void theLastOneMayAskAsMuchAsTheFirst() {
        for (PeerSession session : List.of(sessions.get(0), sessions.get(SESSIONS - 1))) {
            assertThat(echo(session, 190_000)).isEqualTo(190_000);
            send(session, 16, 200_000);
        }
        assertThat(bytes.get()).isEqualTo(2 * 16 * 200_000L);
    }

    /** What was promised once to each is used up, so it is not held for good. */
    @Test
    void everySessionMayAskOneLargeRequestInItsTime() {
        for (PeerSession session : sessions) {
            assertThat(echo(session, 190_000)).isEqualTo(190_000);
        }
        assertThat(server.reservedBytes()).isLessThan(3 * NODE_BYTES / 4);
    }

    @Test
    void whoComesWhenNothingIsLeftWaitsUntilMemoryIsFreed() {
        List<Disposable> stalled = fillTheMemory();
        PeerSession late = join();
        AtomicLong answered = new AtomicLong();
        late.request("echo", new byte[30_000], Codec.bytes(), Codec.bytes())
                .subscribe(reply -> answered.addAndGet(reply.length));
        late.openStream("count", StreamConfig.reliable())
                .send(Flux.just(new byte[50_000]), Codec.bytes())
                .subscribe();
        time.advanceTime();
        assertThat(answered.get() + bytes.get()).isZero();

        stalled.forEach(Disposable::dispose);
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(answered.get()).isEqualTo(30_000);
        assertThat(bytes.get()).isEqualTo(50_000);
    }

    /** None of them can be served, so nobody may go on telling the next of them to try. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyWhoWaitLeaveTheLoopAloneUntilMemoryIsFreed() {
        List<Disposable> stalled = fillTheMemory();
        AtomicLong answered = new AtomicLong();
        for (int i = 0; i < 5; i++) {
            join().request("echo", new byte[30_000], Codec.bytes(), Codec.bytes())
                    .subscribe(reply -> answered.addAndGet(reply.length));
        }
        time.advanceTime();

        stalled.get(0).dispose(); // frees one window, of which a request may have no part
        time.advanceTime();
        assertThat(answered.get()).isZero();

        stalled.forEach(Disposable::dispose);
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(answered.get()).isEqualTo(5 * 30_000);
    }

    private List<Disposable> fillTheMemory() {
        List<Disposable> stalled = new ArrayList<>();
        for (int i = 0; i < 2 * SESSIONS; i++) {
            stalled.add(sessions.get(i % SESSIONS)
                    .openStream(new StreamId(i), StreamOpen.named("never read"), StreamConfig.reliable())
                    .send(Flux.<ByteBuffer>generate(sink -> sink.next(ByteBuffer.allocate(1_000))), Codec.buffers())
                    .subscribe(null, e -> {}));
        }
        time.advanceTime();
        assertThat(server.reservedBytes()).isGreaterThan(NODE_BYTES - 65_536);
        return stalled;
    }

    private long echo(PeerSession session, int size) {
        AtomicLong answered = new AtomicLong();
        session.request("echo", new byte[size], Codec.bytes(), Codec.bytes())
                .subscribe(reply -> answered.addAndGet(reply.length));
        time.advanceTime();
        return answered.get();
    }

    private void send(PeerSession session, int streams, int size) {
        for (int i = 0; i < streams; i++) {
            session.openStream(new StreamId(i), StreamOpen.named("count"), StreamConfig.reliable())
                    .send(Flux.range(0, 10).map(n -> new byte[size / 10]), Codec.bytes())
                    .subscribe();
        }
        time.advanceTime();
    }

    private PeerSession join() {
        PeerNode client = started(Weir.node().limits(CROWDED));
        clients.add(client);
        AtomicReference<PeerSession> session = new AtomicReference<>();
        client.connect(PeerAddress.memory("server")).subscribe(session::set);
        time.advanceTime();
        sessions.add(Objects.requireNonNull(session.get(), "no session"));
        return sessions.get(sessions.size() - 1);
    }

    private PeerNode started(PeerNodeSpec spec) {
        AtomicReference<PeerNode> node = new AtomicReference<>();
        spec.transport(network).start().subscribe(node::set);
        time.advanceTime();
        return Objects.requireNonNull(node.get(), "not started");
    }
}
