package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.FastPathHandler;
import io.weir.reactive.FastPathStats;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.integrity.IntegrityService;
import io.weir.reactive.transport.udp.UdpTransports;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The fast path over the system's sockets: epoll with receive offload, and the JDK's. */
@Timeout(120)
class FastPathOverUdpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RootSet ROOTS = RootSet.of(List.of(Bytes.copyOf(new byte[32])));
    private static final int VOTES = 5_000;

    private final IntegrityService service = IntegrityService.refreshing(
            () -> ROOTS, Duration.ofHours(1), null, VirtualTimeScheduler.create()); // at once
    private final List<Mono<Void>> ends = new ArrayList<>();

    @AfterEach
    void end() {
        Flux.fromIterable(ends).concatMap(end -> end).blockLast(PATIENCE);
        service.dispose();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyVoteIsAnsweredWhereNothingIsLost(boolean epoll) {
        PeerNode server = listening(epoll, service);
        PeerNode client = dialling(epoll);
        Mono<Vote> vote = client.vote(server.addresses().get(0), ROOTS);

        Long agree = await(Flux.range(0, VOTES)
                .flatMap(i -> vote, 256)
                .filter(said -> said == Vote.AGREE)
                .count());

        assertThat(agree).isEqualTo(VOTES);
        assertThat(server.droppedDatagrams()).isEmpty();
        server.close().block(PATIENCE); // the turn of the last one is over, and counted
        FastPathStats stats = server.fastPath();
        assertThat(stats.answered()).isEqualTo(stats.received()).isGreaterThanOrEqualTo(VOTES);
    }

    @Test
    void sessionsAndVotesShareAPort() {
        PeerNode server = await(Weir.node()
                .listen(PeerAddress.udp("127.0.0.1", 0))
                .limits(NodeLimits.defaults().withMaxQuestionsPerSecond(1_000_000))
                .onRequest("echo", request -> Mono.just(request.payload()))
                .fastPath(VoteCodec.COMMAND, service)
                .start());
        PeerNode client = dialling(true);
        ends.add(0, server.close());
        var session = await(client.connect(server.addresses().get(0)));
        Mono<Vote> vote = client.vote(server.addresses().get(0), ROOTS);
        Flux<Long> requests = Flux.range(0, 2_000)
                .flatMap(i -> session.request("echo", new byte[64], Codec.bytes(), Codec.bytes()), 32)
                .count()
                .flux();

        List<Long> counts = await(Flux.merge(
                        requests, Flux.range(0, VOTES).flatMap(i -> vote, 128).count())
                .collectList());

        assertThat(counts).containsExactlyInAnyOrder(2_000L, (long) VOTES);
    }

    @Test
    void aHandlerThatBlocksIsFound() throws Exception {
        FastPathHandler blocks = (question, answer) -> {
            blockFor(PATIENCE);
            return true;
        };
        PeerNode server = listening(true, blocks);
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] question = {0x10, VoteCodec.COMMAND, 1, 2, 3};
            ask(socket, question, server);
            ask(socket, question, server);
        }
        assertThat(await(Flux.interval(Duration.ofMillis(1))
                        .map(i -> server.droppedDatagrams().getOrDefault(Drop.HANDLER_FAILED, 0L))
                        .filter(failed -> failed == 2)
                        .next()))
                .as("BlockHound has thrown, and the loop goes on")
                .isEqualTo(2);
    }

    @Test
    void aHandlerOnASchedulerMayBlock() throws Exception {
        FastPathHandler slow = (question, answer) -> {
            blockFor(Duration.ofMillis(1));
            answer.put(question.get());
            return true;
        };
        PeerNode server = listening(true, slow.on(Schedulers.boundedElastic()));
        try (DatagramSocket socket = new DatagramSocket()) {
            ask(socket, new byte[] {0x10, VoteCodec.COMMAND, 1, 2, 3}, server);
            assertThat(heard(socket)).containsExactly(0x11, VoteCodec.COMMAND, 1);
        }
    }

    @Test
    void moreRootsThanFitEthernetNeedNoMoreThanALoopback() {
        RootSet all = RootSet.of(Collections.nCopies(64, Bytes.copyOf(new byte[32])));
        PeerNode server = listening(true, service);

        assertThat(await(dialling(true).vote(server.addresses().get(0), all))).isEqualTo(Vote.AGREE);
    }

    @Test
    void aNodeThatClosesEndsItsVotes() throws Exception {
        PeerNode client = await(Weir.node().start());
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Mono<ErrorCode> failure = client.vote(PeerAddress.udp("127.0.0.1", silent.getLocalPort()), ROOTS)
                    .then(Mono.<ErrorCode>empty())
                    .onErrorResume(
                            ReplyMissingException.class,
                            e -> Mono.just(e.reason().error()))
                    .cache();
            failure.subscribe();
            heard(silent);
            await(client.close().thenReturn(true));

            assertThat(await(failure)).isEqualTo(ErrorCode.NODE_CLOSED);
        }
    }

    private static void blockFor(Duration duration) {
        try {
            new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private PeerNode listening(boolean epoll, FastPathHandler handler) {
        var transport = UdpTransports.of(epoll);
        PeerNode node = await(Weir.node()
                .transport(transport)
                .listen(PeerAddress.udp("127.0.0.1", 0))
                .limits(NodeLimits.defaults().withMaxQuestionsPerSecond(100_000_000))
                .fastPath(VoteCodec.COMMAND, handler)
                .start());
        ends.add(node.close().then(transport.disposeLater()));
        return node;
    }

    private PeerNode dialling(boolean epoll) {
        var transport = UdpTransports.of(epoll);
        PeerNode node = await(Weir.node().transport(transport).start());
        ends.add(0, node.close().then(transport.disposeLater()));
        return node;
    }

    private static void ask(DatagramSocket socket, byte[] question, PeerNode server) throws IOException {
        socket.send(new DatagramPacket(question, question.length, InetAddress.getLoopbackAddress(), server.port()));
    }

    private static byte[] heard(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing came", e);
        }
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }
}
