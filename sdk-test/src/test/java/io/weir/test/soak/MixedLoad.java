package io.weir.test.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.dispatch.WorkerStats;
import io.weir.reactive.dispatch.Workers;
import io.weir.reactive.integrity.IntegrityService;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.tcp.TcpTransport;
import io.weir.reactive.transport.udp.UdpTransport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A node on one port, over real sockets of the loopback interface, and peers that use it in every way at once: streams, requests,
 * one-way messages, votes, sessions that come and go over both protocols, and bursts of more requests than its workers take. Each use
 * counts what it began and how that ended.
 */
final class MixedLoad implements Load {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Codec<Long> NUMBER = Codec.json(Long.class);
    private static final int ELEMENTS = 2_000;
    private static final int BURST = 2_000;
    private static final int WORKERS = 4;
    private static final int WAITING = 64;
    private static final long WORK_NANOS = 1_000_000;
    private static final int IN_FLIGHT = 64;
    private static final int CHURNING = 2;

    private final AtomicLong elements = new AtomicLong();
    private final AtomicLong streams = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong handledRequests = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong handledMessages = new AtomicLong();
    private final AtomicLong votes = new AtomicLong();
    private final AtomicLong comings = new AtomicLong();
    private final AtomicLong worked = new AtomicLong();
    private final AtomicLong busy = new AtomicLong();

    private final RootSet roots = RootSet.of(List.of(Bytes.copyOf(new byte[RootSet.ROOT_LENGTH])));
    private final IntegrityService voting = IntegrityService.refreshing(() -> roots, Duration.ofSeconds(1));
    private final Workers workers = Workers.create("work", WORKERS, WAITING);
    private final Workers taking = Workers.create("take", 1);
    private final TcpTransport tcp = TcpTransport.create(1);
    private final UdpTransport udp = UdpTransport.create(1, UdpOptions.defaults());
    private final PeerNode server;
    private final PeerNode client = Weir.node().startNow(PATIENCE);
    private final List<PeerAddress> addresses;
    private volatile boolean running = true;

    MixedLoad() {
        RequestHandler working = request -> {
            LockSupport.parkNanos(WORK_NANOS);
            return Mono.just(request.payload());
        };
        MessageHandler counting = message -> Mono.fromRunnable(handledMessages::incrementAndGet);
        server = Weir.node()
                .listenOnOnePort("127.0.0.1", 0)
                .onRequest("echo", request -> {
                    handledRequests.incrementAndGet();
                    return Mono.just(request.payload());
                })
                .onRequest("work", working.on(workers))
                .onMessage("told", counting.on(taking))
                .onStream(
                        "numbers", stream -> stream.send(Flux.range(0, ELEMENTS).map(Integer::longValue), NUMBER))
                .fastPath(VoteCodec.COMMAND, voting)
                .startNow(PATIENCE);
        addresses = server.addresses();
    }

    @Override
    public Mono<Void> run() {
        return Flux.fromIterable(addresses)
                .concatMap(client::connect) // one session: the second address leads to the same peer
                .next()
                .flatMap(session -> Mono.when(
                        again(stream(session), Duration.ZERO),
                        again(request(session), Duration.ofMillis(2)),
                        again(message(session), Duration.ofMillis(5)),
                        again(vote(), Duration.ofMillis(10)),
                        again(burst(session), Duration.ofSeconds(2)),
                        comeAndGo(addresses.get(0)),
                        comeAndGo(addresses.get(1))));
    }

    /** Refused some of it too: bursts are too much. */
    @Override
    public boolean hasDoneSome() {
        return Stream.of(streams, requests, messages, votes, comings, worked, busy)
                .allMatch(count -> count.get() > 0);
    }

    @Override
    public void stop() {
        running = false;
    }

    private Mono<Void> again(Mono<?> use, Duration pause) {
        return use.then(Mono.delay(pause)).repeat(() -> running).then();
    }

    private Mono<Void> stream(PeerSession session) {
        return session.subscribe("numbers", NUMBER)
                .doOnNext(number -> elements.incrementAndGet())
                .reduce(0L, Long::sum)
                .doOnNext(sum -> {
                    assertThat(sum).isEqualTo((ELEMENTS - 1L) * ELEMENTS / 2);
                    streams.incrementAndGet();
                })
                .then();
    }

    private Mono<Void> request(PeerSession session) {
        return Flux.range(0, IN_FLIGHT).flatMap(i -> echo(session), IN_FLIGHT).then();
    }

    private Mono<String> echo(PeerSession session) {
        return Mono.defer(() -> {
            String asked = "request " + requests.incrementAndGet();
            return session.request("echo", asked, Codec.utf8(), Codec.utf8())
                    .doOnNext(reply -> assertThat(reply).isEqualTo(asked));
        });
    }

    private Mono<Void> message(PeerSession session) {
        return session.send("told", "something", Codec.utf8()).doOnSuccess(sent -> messages.incrementAndGet());
    }

    private Mono<Vote> vote() {
        PeerAddress address = addresses.stream()
                .filter(each -> each.scheme().equals(PeerAddress.UDP))
                .findFirst()
                .orElseThrow();
        return client.vote(address, roots).doOnNext(vote -> {
            assertThat(vote).isEqualTo(Vote.AGREE);
            votes.incrementAndGet();
        });
    }

    private Mono<Void> burst(PeerSession session) {
        Mono<ByteBuffer> work = session.request("work", ByteBuffer.allocate(1), Codec.buffers(), Codec.buffers());
        return Flux.range(0, BURST)
                .flatMap(
                        i -> work.doOnNext(reply -> worked.incrementAndGet()).onErrorResume(MixedLoad::isBusy, e -> {
                            busy.incrementAndGet();
                            return Mono.empty();
                        }),
                        BURST)
                .then();
    }

    private static boolean isBusy(Throwable e) {
        return e instanceof ReplyMissingException missing && missing.reason().error() == ErrorCode.BUSY;
    }

    /** Peers that nobody has seen before, each with a request. */
    private Mono<Void> comeAndGo(PeerAddress address) {
        Mono<String> coming = Mono.usingWhen(
                Weir.node().transport(tcp).transport(udp).start(),
                node -> node.connect(address)
                        .flatMap(session ->
                                echo(session).flatMap(reply -> session.close().thenReturn(reply))),
                PeerNode::close);
        return Flux.range(0, CHURNING)
                .flatMap(
                        i -> again(coming.doOnNext(reply -> comings.incrementAndGet()), Duration.ofMillis(5)), CHURNING)
                .then();
    }

    @Override
    public void check() {
        awaitMessages();
        checkCounts();
        checkClosed();
    }

    /** What was begun is what was done, on both sides. */
    private void checkCounts() {
        assertThat(elements).hasValue(streams.get() * ELEMENTS);
        assertThat(handledRequests).as("each request ran once").hasValue(requests.get());
        WorkerStats work = workers.stats();
        assertThat(work).isEqualTo(new WorkerStats(0, 0, worked.get(), busy.get()));
        assertThat((worked.get() + busy.get()) % BURST).as("every burst ended").isZero();
        assertThat(server.fastPath().answered()).isGreaterThanOrEqualTo(votes.get());
        assertThat(server.unsentBytes()).isZero();
    }

    /** A message is sent when it is written, and handled some time after that. */
    private void awaitMessages() {
        await(() -> handledMessages.get() == messages.get());
        assertThat(handledMessages).hasValue(messages.get());
    }

    /** What the server still has when all peers have gone. */
    private void checkClosed() {
        Objects.requireNonNull(client.close().thenReturn(true).block(PATIENCE));
        await(() -> server.liveSessions().isEmpty());
        assertThat(server.liveSessions()).isEmpty();
        assertThat(server.reservedBytes()).isZero();
        assertThat(server.unsentBytes()).isZero();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(WORK_NANOS);
        }
    }

    @Override
    public void close() {
        client.close().then(server.close()).block(PATIENCE);
        workers.dispose();
        taking.dispose();
        voting.dispose();
        tcp.disposeLater().then(udp.disposeLater()).block(PATIENCE);
    }

    @Override
    public String toString() {
        return streams + " streams, " + requests + " requests, " + messages + " messages, " + votes + " votes, "
                + comings + " comings, " + worked + " worked, " + busy + " busy";
    }
}
