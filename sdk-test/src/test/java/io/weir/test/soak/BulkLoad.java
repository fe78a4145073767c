package io.weir.test.soak;

import static io.weir.test.assertj.WeirAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.PeerEvent.InboundRefused;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.Transport;
import io.weir.test.network.LinkProfile;
import io.weir.test.proxy.DatagramCounts;
import io.weir.test.proxy.UdpImpairment;
import io.weir.test.proxy.Way;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.LocalTime;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Two nodes on the system's sockets with an impaired path of datagrams between them, as busy as they can be: bulk both ways, streams that
 * come and go, requests small and large. Beside them, without impairment, peers that nobody has seen before, each with a request.
 */
final class BulkLoad implements Load {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RequestOptions PATIENT = RequestOptions.defaults().withTimeout(PATIENCE);
    private static final long SEED = 1;
    private static final int ELEMENT_BYTES = 16 << 10;
    private static final int SHORT_ELEMENTS = 20;
    private static final int REQUESTS_AT_ONCE = 32;
    private static final int LARGE_BYTES = 200_000;

    /** Every so many requests one is large. */
    private static final int LARGE_EVERY = 500;

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Below so many datagrams, chance is no judge of chance. */
    private static final long MANY_DATAGRAMS = 500_000;

    private final LinkProfile profile;
    private final Transport visiting;
    private final PeerNode server;
    private final PeerNode client = Weir.node().onEvent(BulkLoad::tell).startNow(PATIENCE);
    private final UdpImpairment path;
    private final Bulk down = new Bulk();
    private final Bulk up = new Bulk();
    private final AtomicLong streams = new AtomicLong();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong replied = new AtomicLong();
    private final AtomicLong visits = new AtomicLong();
    private volatile boolean running = true;

    /** What one direction carries: numbered elements, which come in order and each once. */
    private final class Bulk {
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong received = new AtomicLong();

        Flux<ByteBuffer> elements() {
            return Flux.generate(sink -> {
                if (running) {
                    sink.next(ByteBuffer.allocate(ELEMENT_BYTES).putLong(0, sent.getAndIncrement()));
                } else {
                    sink.complete();
                }
            });
        }

        void receive(ByteBuffer element) {
            assertThat(element.remaining()).isEqualTo(ELEMENT_BYTES);
            assertThat(element.getLong(element.position())).isEqualTo(received.getAndIncrement());
        }
    }

    /**
     * @param listening where the server listens, at a port of the loopback address
     * @param visiting by which visitors come; closed with the load
     */
    BulkLoad(PeerAddress listening, Transport visiting, LinkProfile profile) {
        this.visiting = visiting;
        this.profile = profile;
        server = Weir.node()
                .listen(listening)
                .onEvent(BulkLoad::tell)
                .onStream("down", stream -> stream.send(down.elements(), Codec.buffers()))
                .onStream(
                        "up",
                        stream -> stream.receive(Codec.buffers())
                                .doOnNext(up::receive)
                                .then())
                .onStream(
                        "short",
                        stream -> stream.send(Flux.range(0, SHORT_ELEMENTS).map(String::valueOf), Codec.utf8()))
                .onRequest("echo", request -> {
                    handled.incrementAndGet();
                    return Mono.just(request.payload());
                })
                .startNow(PATIENCE);
        path = UdpImpairment.startNow(server.addresses().get(0), SEED);
        path.profile(profile);
    }

    /** What should not have happened, and why. */
    private static void tell(PeerEvent event) {
        boolean bad = event instanceof ConnectionLost
                || event instanceof InboundRefused
                || event instanceof ConnectionClosed closed && closed.reason().error() != ErrorCode.NONE;
        if (bad) {
            System.out.println(LocalTime.now() + " " + event);
        }
    }

    @Override
    public Mono<Void> run() {
        return client.connect(path.address())
                .flatMap(session -> Mono.when(
                                session.subscribe("down", Codec.buffers()).doOnNext(down::receive),
                                session.openStream("up").send(up.elements(), Codec.buffers()),
                                again(shortStream(session)),
                                requests(session),
                                again(visit()))
                        .then(Mono.fromRunnable(() -> checkMessages(session))));
    }

    @Override
    public boolean hasDoneSome() {
        return Stream.of(down.received, up.received, streams, replied, visits).allMatch(count -> count.get() > 0);
    }

    @Override
    public void stop() {
        running = false;
    }

    private Mono<Void> again(Mono<?> use) {
        return use.then(Mono.delay(PAUSE)).repeat(() -> running).then();
    }

    private Mono<Void> shortStream(PeerSession session) {
        return session.subscribe("short", Codec.utf8())
                .collectList()
                .doOnNext(elements -> {
                    assertThat(elements).hasSize(SHORT_ELEMENTS).endsWith(String.valueOf(SHORT_ELEMENTS - 1));
                    streams.incrementAndGet();
                })
                .then();
    }

    private Mono<Void> requests(PeerSession session) {
        return Flux.<Long>generate(sink -> {
                    if (running) {
                        sink.next(asked.getAndIncrement());
                    } else {
                        sink.complete();
                    }
                })
                .flatMap(number -> request(session, number), REQUESTS_AT_ONCE)
                .then();
    }

    private Mono<ByteBuffer> request(PeerSession session, long number) {
        int bytes = number % LARGE_EVERY == 0 ? LARGE_BYTES : Long.BYTES;
        ByteBuffer payload = ByteBuffer.allocate(bytes).putLong(0, number);
        return session.request("echo", payload, Codec.buffers(), Codec.buffers(), PATIENT)
                .doOnNext(reply -> {
                    assertThat(reply.remaining()).isEqualTo(bytes);
                    assertThat(reply.getLong(reply.position())).isEqualTo(number);
                    replied.incrementAndGet();
                });
    }

    /** Its handshake, its only request and its end; not over the path, which knows no more than a few clients. */
    private Mono<Void> visit() {
        return Mono.usingWhen(
                        Weir.node().transport(visiting).start(),
                        node -> node.connect(server.addresses().get(0))
                                .flatMap(session -> session.request("echo", "visit", Codec.utf8(), Codec.utf8())
                                        .flatMap(reply -> session.close().thenReturn(reply))),
                        PeerNode::close)
                .doOnNext(reply -> visits.incrementAndGet())
                .then();
    }

    private void checkMessages(PeerSession session) {
        assertThat(session.messageStats().requestsReplied()).isEqualTo(asked.get());
        assertThat(session.messageStats().requestsOutstanding()).isZero();
    }

    @Override
    public void check() {
        assertThat(down.received).hasValue(down.sent.get());
        assertThat(up.received).hasValue(up.sent.get());
        assertThat(replied).hasValue(asked.get());
        assertThat(handled).as("each request ran once").hasValue(asked.get() + visits.get());
        Mono.when(client.close(), server.close()).block(PATIENCE);
        assertThat(client).hasNothingReserved().hasNothingUnsent();
        assertThat(server).hasNothingReserved().hasNothingUnsent();
        path.close();
        for (Way way : Way.values()) {
            checkPath(way);
        }
    }

    private void checkPath(Way way) {
        DatagramCounts counts = path.counts(way);
        System.out.println(way + " " + counts);
        assertThat(counts.came()).isEqualTo(counts.delivered() + counts.lost());
        if (counts.came() > MANY_DATAGRAMS) {
            assertThat((double) counts.lostByChance() / counts.came())
                    .isBetween(0.8 * profile.loss(), 1.2 * profile.loss());
        }
    }

    @Override
    public void close() {
        client.dispose();
        server.dispose();
        path.close();
        visiting.disposeLater().block(PATIENCE);
    }

    @Override
    public String toString() {
        return down.received + " elements down, " + up.received + " up, " + streams + " streams, " + replied
                + " requests, " + visits + " visits";
    }
}
