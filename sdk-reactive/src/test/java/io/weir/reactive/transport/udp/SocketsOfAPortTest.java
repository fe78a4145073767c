package io.weir.reactive.transport.udp;

import static io.weir.reactive.transport.LinkTestKit.await;
import static io.weir.reactive.transport.LinkTestKit.awaitEnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.integrity.IntegrityService;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.UdpOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Several sockets at one port: where sessions live, and what comes to another socket than theirs. */
@Timeout(120)
class SocketsOfAPortTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SOCKETS = 4;
    private static final int PEERS = 24;
    private static final PeerAddress ANYWHERE = PeerAddress.udp("127.0.0.1", 0);
    private static final String THREAD = "thread";

    private final UdpTransport many =
            new UdpTransport(SOCKETS, UdpOptions.defaults().withSockets(SOCKETS), true);
    private final UdpTransport one = new UdpTransport(1, UdpOptions.defaults(), true);
    private final List<PeerNode> nodes = new ArrayList<>();

    @BeforeAll
    static void hasEpoll() {
        assumeTrue(Epoll.isAvailable(), "only Linux spreads senders over the sockets of a port");
    }

    @AfterEach
    void end() {
        Flux.fromIterable(nodes).concatMap(PeerNode::close).blockLast(PATIENCE);
        awaitEnd(many.disposeLater());
        awaitEnd(one.disposeLater());
    }

    private PeerNode started(UdpTransport transport) {
        PeerNode node = Weir.node()
                .transport(transport)
                .listen(ANYWHERE)
                .onRequest(
                        THREAD,
                        request -> Mono.just(
                                Codec.utf8().encode(Thread.currentThread().getName())))
                .startNow(PATIENCE);
        nodes.add(node);
        return node;
    }

    private static String thread(PeerSession session) {
        return session.request(THREAD, "", Codec.utf8(), Codec.utf8()).block(PATIENCE);
    }

    @Test
    void sessionsAreSpreadOverTheLoopsAndEachStaysOnItsOwn() {
        PeerNode server = started(many);
        List<PeerSession> sessions = IntStream.range(0, PEERS)
                .mapToObj(i -> started(one).connectNow(server.addresses().get(0), PATIENCE))
                .toList();

        List<String> threads = sessions.stream().map(SocketsOfAPortTest::thread).toList();
        for (int round = 0; round < 3; round++) {
            assertThat(sessions.stream().map(SocketsOfAPortTest::thread)).isEqualTo(threads);
        }
        assertThat(threads.stream().distinct().count())
                .as("24 senders at 4 sockets all come to one of them once in 10^14 runs")
                .isGreaterThan(1);
    }

    /** What the peers answer comes to any of the sockets, and is for the one that has dialled. */
    @Test
    void whatComesToAnotherSocketIsHandedOver() {
        PeerNode dialling = started(many);
        List<PeerNode> peers =
                IntStream.range(0, PEERS).mapToObj(i -> started(one)).toList();

        List<PeerSession> sessions = peers.stream()
                .map(peer -> dialling.connectNow(peer.addresses().get(0), PATIENCE))
                .toList();

        for (PeerSession session : sessions) {
            assertThat(Flux.range(0, 20)
                            .flatMap(i -> session.request(THREAD, "", Codec.utf8(), Codec.utf8()))
                            .count()
                            .block(PATIENCE))
                    .isEqualTo(20);
        }
        assertThat(dialling.droppedDatagrams()).isEmpty();
    }

    @Test
    void votesAreAnsweredAtEachSocketAndHeardAtAny() {
        RootSet roots = RootSet.of(List.of(Bytes.copyOf(new byte[RootSet.ROOT_LENGTH])));
        IntegrityService service = IntegrityService.refreshing(() -> roots, Duration.ofMinutes(1));
        PeerNode server = Weir.node()
                .transport(many)
                .listen(ANYWHERE)
                .fastPath(VoteCodec.COMMAND, service)
                .startNow(PATIENCE);
        nodes.add(server);
        for (int i = 0; i < PEERS; i++) {
            PeerNode asking = started(i % 2 == 0 ? one : many);
            assertThat(asking.vote(server.addresses().get(0), roots).block(PATIENCE))
                    .isEqualTo(Vote.AGREE);
        }
        assertThat(server.fastPath().answered())
                .as("the turn of the last may not have ended")
                .isGreaterThanOrEqualTo(PEERS - 1);
        service.dispose();
    }

    /** One handler keeps its loop busy until all others have been answered, of whom some are on other loops. */
    @Test
    void theLoadOfOneLoopDoesNotDelayTheOthers() throws InterruptedException {
        AtomicBoolean busy = new AtomicBoolean(true);
        CountDownLatch entered = new CountDownLatch(1);
        PeerNode server = Weir.node()
                .transport(many)
                .listen(ANYWHERE)
                .onRequest(
                        THREAD,
                        request -> Mono.just(
                                Codec.utf8().encode(Thread.currentThread().getName())))
                .onRequest("spin", request -> {
                    entered.countDown();
                    while (busy.get()) {
                        // it spins, since BlockHound lets it do nothing kinder
                    }
                    return Mono.just(request.payload());
                })
                .startNow(PATIENCE);
        nodes.add(server);
        List<PeerSession> sessions = IntStream.range(0, PEERS)
                .mapToObj(i -> started(one).connectNow(server.addresses().get(0), PATIENCE))
                .toList();
        String blocked = thread(sessions.get(0));
        List<PeerSession> elsewhere = sessions.stream()
                .filter(session -> !thread(session).equals(blocked))
                .toList();

        Mono<String> spinning =
                sessions.get(0).request("spin", "", Codec.utf8(), Codec.utf8()).cache();
        spinning.subscribe();
        assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        try {
            assertThat(elsewhere)
                    .isNotEmpty()
                    .allSatisfy(session -> assertThat(thread(session)).isNotEqualTo(blocked));
        } finally {
            busy.set(false);
        }
        assertThat(spinning.block(PATIENCE)).isEmpty();
    }

    @Test
    void anAddressThatIsTakenIsToldWhoeverHasIt() {
        List<DatagramSocket> bound = await(many.bindAll(ANYWHERE));
        assertThat(bound).hasSize(SOCKETS);
        PeerAddress taken =
                PeerAddress.udp("127.0.0.1", ((InetSocketAddress) bound.get(0).localAddress()).getPort());
        for (UdpTransport transport : List.of(many, one)) {
            assertThatThrownBy(() -> await(transport.bindAll(taken)))
                    .satisfies(e -> assertThat(((ListenException) (e instanceof ListenException ? e : e.getCause()))
                                    .reason()
                                    .error())
                            .isEqualTo(ErrorCode.BIND_FAILED));
        }
        bound.forEach(DatagramSocket::close);
        bound.forEach(socket -> awaitEnd(socket.onClose()));
        await(one.bindAll(taken)).forEach(DatagramSocket::close);
    }

    @Test
    void theJdksChannelsHaveOne() {
        UdpTransport plain = new UdpTransport(2, UdpOptions.defaults().withSockets(2), false);
        assertThat(await(plain.bindAll(ANYWHERE))).hasSize(1);
        awaitEnd(plain.disposeLater());
    }
}
