package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.ContractNodes.PATIENCE;
import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static io.weir.reactive.transport.ContractNodes.session;
import static io.weir.reactive.transport.ContractNodes.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeStats;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.ContractNodes;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.UdpRelay;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** A peer over QUIC that moves while something is under way to it, over sockets: all of it comes, or the session ends. */
@Timeout(120)
class QuicMoveTest {

    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int STREAMS = 10;

    /** A packet has room for one. */
    private static final byte[] ELEMENT = new byte[900];

    /** END comes behind all that was said, so it does not come: the connection is closed without it. A gap in control is silence. */
    private static final Set<ErrorCode> AT_CLIENT = EnumSet.of(ErrorCode.LINK_LOST, ErrorCode.SILENCE);

    private final ContractNodes nodes = new ContractNodes(() -> new QuicTransport(1, UdpOptions.defaults(), true));
    private final Sinks.Many<byte[]> feed = Sinks.many().multicast().onBackpressureBuffer(16, false);
    private final AtomicInteger heard = new AtomicInteger();

    private PeerNode server;
    private UdpRelay relay;
    private PeerSession there;
    private PeerSession here;
    private List<CompletableFuture<Void>> ends;

    /** A client behind a relay, to which the server's streams have sent one element each; nothing is under way. */
    @BeforeEach
    void subscribe() throws Exception {
        server = server();
        PeerNode client = nodes.start(QuicMoveTest::limited);
        relay = new UdpRelay(address(server));
        there = await(client.connect(relay.address().expecting(server.id())));
        here = session(server, client);
        ends = subscribed();
        settle(here, there);
    }

    @AfterEach
    void close() {
        relay.close();
        nodes.close();
    }

    private static PeerNodeSpec limited(PeerNodeSpec spec) {
        return spec.limits(NodeLimits.defaults().withSilenceLimit(LIMIT).withStallLimit(LIMIT));
    }

    private PeerNode server() {
        return nodes.start(spec -> limited(spec)
                .listen(PeerAddress.quic("127.0.0.1", 0))
                .onStream("feed", stream -> stream.send(feed.asFlux(), Codec.bytes())));
    }

    /** Streams that have had their first element; each ends with what ended it, or null. */
    private List<CompletableFuture<Void>> subscribed() {
        List<CompletableFuture<Void>> ended = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            ended.add(there.openStream(StreamId.of("feed " + i), StreamOpen.named("feed"), StreamConfig.reliable())
                    .receive(Codec.bytes())
                    .doOnNext(element -> heard.incrementAndGet())
                    .then()
                    .toFuture());
        }
        awaitTrue("subscribed", () -> feed.currentSubscriberCount() == STREAMS);
        emit();
        awaitTrue("heard", () -> heard.get() == STREAMS);
        return ended;
    }

    private void emit() {
        feed.emitNext(ELEMENT, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    private void awaitMoved() {
        awaitTrue(
                "seen there, or over",
                () -> ((InetSocketAddress) here.remoteAddress()).getPort() == relay.port() || here.isDisposed());
    }

    @Test
    void aSessionThatHasLostWhatWasUnderWayEnds() throws Exception {
        long dropped = relay.loseToClient();
        emit();
        // probes are lost too: where the server takes its time, as many of these may be before all elements have left
        awaitTrue("written", () -> written(server) == 2 * STREAMS);
        awaitTrue("under way", () -> relay.lost() >= dropped + STREAMS);
        relay.rebind();
        there.ping().subscribe(told -> {}, failed -> {});
        awaitMoved();

        for (CompletableFuture<Void> end : ends) {
            assertThat(failure(end)).isIn(AT_CLIENT);
        }
        assertThat(await(there.onClose()).error()).isIn(AT_CLIENT);
        assertThat(await(here.onClose()).error()).isIn(ErrorCode.STALLED, ErrorCode.SILENCE);
        assertThat(heard.get()).isLessThan(2 * STREAMS);
        assertThat(ended(server)).as("in the statistics").containsOnly(Map.entry(reason(here), 1L));
        assertThat(server.stats().moves()).isEqualTo(new NodeStats.Moves(1, 0));
    }

    private static long written(PeerNode node) {
        return node.stats().traffic().sent().elements();
    }

    private static ErrorCode reason(PeerSession session) {
        return await(session.onClose()).error();
    }

    private static Map<ErrorCode, Long> ended(PeerNode node) {
        return node.stats().connections().get(0).ended();
    }

    private static ErrorCode failure(CompletableFuture<Void> end) throws Exception {
        try {
            end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("the stream has ended well");
        } catch (ExecutionException e) {
            return ((SessionClosedException) e.getCause()).reason().error();
        }
    }

    /**
     * Somebody sends what the client says from elsewhere, or it can be heard from there alone: nobody there proves to be the client. QUIC's
     * library ends the connection, and tells nothing of the address, if a packet comes between the failure of its proof and the next of its
     * timers.
     */
    @Test
    void anAddressThatIsNotProvedIsCountedAndNotFollowed() {
        SocketAddress before = here.remoteAddress();

        relay.detour();
        Disposable pings = Flux.interval(Duration.ofMillis(500)) // the library tells when it reads
                .subscribe(next -> there.ping().subscribe(told -> {}, failed -> {}));
        awaitTrue("not proved, or over", () -> server.stats().moves().unproven() > 0 || here.isDisposed());
        pings.dispose();

        assertThat(server.stats().moves().followed()).isZero();
        assertThat(here.remoteAddress()).isEqualTo(before);
        if (here.isDisposed()) {
            assertThat(reason(here)).isEqualTo(ErrorCode.LINK_LOST);
            abort("QUIC's library has ended the connection");
        }
    }

    @Test
    void aSessionThatHasLostNothingGoesOn() {
        relay.rebind();
        await(there.ping());
        awaitMoved();

        StepVerifier.create(Mono.firstWithSignal(there.onClose(), here.onClose()))
                .expectSubscription()
                .expectNoEvent(LIMIT.multipliedBy(3))
                .thenCancel()
                .verify();
        emit();
        awaitTrue("heard", () -> heard.get() == 2 * STREAMS);
    }
}
