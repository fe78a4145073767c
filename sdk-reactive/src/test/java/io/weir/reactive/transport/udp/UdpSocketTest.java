package io.weir.reactive.transport.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.weir.core.datagram.DatagramCounts;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.transport.DatagramRecorder;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.DatagramSocketContractTest;
import io.weir.reactive.transport.LinkTestKit;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.netty.NettyLoops;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;

/** Native sockets with offload both ways. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UdpSocketTest extends DatagramSocketContractTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int PATIENCE_MILLIS = 10_000;

    private NettyLoops loops;

    NettyLoops newLoops() {
        return new NettyLoops("udp-test", 2, true);
    }

    boolean offload() {
        return true;
    }

    @BeforeAll
    void startLoops() {
        loops = newLoops();
    }

    @AfterAll
    void endLoops() {
        LinkTestKit.awaitEnd(loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)));
    }

    @Override
    protected DatagramSocket newSocket(int port) {
        return bindAt(new InetSocketAddress(LOOPBACK, port));
    }

    private UdpSocket bindAt(InetSocketAddress at) {
        EventLoop loop = loops.onServer(true).next();
        return LinkTestKit.await(sockets().bind(loop, at));
    }

    private UdpSockets sockets() {
        return new UdpSockets(loops, UdpOptions.defaults(), new Scopes(), offload());
    }

    @Override
    protected PathAddress addressOf(DatagramSocket socket) {
        return pathOf((InetSocketAddress) socket.localAddress());
    }

    private static PathAddress pathOf(InetSocketAddress address) {
        return new PathAddress(Bytes.copyOf(address.getAddress().getAddress()), address.getPort());
    }

    @Override
    protected void onLoop(DatagramSocket socket, Runnable task) throws Exception {
        ((UdpSocket) socket).channel().eventLoop().submit(task).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void awaitTrue(String what, BooleanSupplier condition) {
        LinkTestKit.awaitTrue(what, condition);
    }

    @Override
    protected int largest() {
        return UdpOptions.MOST_DATAGRAM_BYTES;
    }

    @Override
    protected boolean refuses() {
        return true;
    }

    /** A socket that receives. */
    private UdpSocket openUdp() throws Exception {
        return (UdpSocket) open();
    }

    /** Once what its loop has begun is done. */
    private DatagramCounts counts(UdpSocket socket) throws Exception {
        onLoop(socket, () -> {});
        return socket.counts();
    }

    @Test
    void receivesDatagramsOfNoBytes() throws Exception {
        UdpSocket to = openUdp();

        try (java.net.DatagramSocket other = new java.net.DatagramSocket(0, LOOPBACK)) {
            for (int length : new int[] {0, 5, 0, 0, 7}) {
                other.send(new java.net.DatagramPacket(new byte[length], length, to.localAddress()));
            }
        }

        awaitTrue("all have come", () -> heardBy(to).count() == 5);
        assertThat(heardBy(to).datagrams())
                .extracting(heard -> heard.bytes().length)
                .containsExactly(0, 5, 0, 0, 7);
    }

    @Test
    void isForItsLoopOnly() throws Exception {
        UdpSocket socket = openUdp();
        PathAddress to = addressOf(socket);

        assertThatThrownBy(() -> socket.send(new byte[1], 0, 1, 1, to, Ecn.NOT_ECT))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> socket.receive(new DatagramRecorder(socket)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(socket::writable).isInstanceOf(IllegalStateException.class);
        assertThat(heardBy(socket).count()).isZero();
    }

    /** The system has no other occasion to tell of an earlier datagram than the next write, which it does not do then. */
    @Test
    void aWriteThatFailsForAnEarlierDatagramGoesAgain() throws Exception {
        int port;
        try (java.net.DatagramSocket other = new java.net.DatagramSocket(0, LOOPBACK)) {
            port = other.getLocalPort();
        }
        InetSocketAddress target = new InetSocketAddress(LOOPBACK, port);
        UdpSocket from = openUdp();
        assertThat(from.channel().connect(target).await(PATIENCE_MILLIS)).isTrue();
        CompletableFuture<java.net.DatagramSocket> there = new CompletableFuture<>();

        onLoop(from, () -> {
            sendNow(from, pathOf(target), content(1, 30), 30); // to nobody: ICMP says so at once
            try {
                there.complete(new java.net.DatagramSocket(target));
            } catch (IOException e) {
                there.completeExceptionally(e);
            }
            sendNow(from, pathOf(target), content(2, 30), 30);
        });

        try (java.net.DatagramSocket receiving = there.get()) {
            assertThat(receive(receiving)).isEqualTo(content(2, 30));
        }
        assertThat(counts(from))
                .extracting(DatagramCounts::sent, DatagramCounts::failed)
                .containsExactly(2L, 0L);
        assertThat(heardBy(from).isClosed()).isFalse();
    }

    private static byte[] receive(java.net.DatagramSocket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        java.net.DatagramPacket packet = new java.net.DatagramPacket(new byte[2_000], 2_000);
        socket.receive(packet);
        return java.util.Arrays.copyOf(packet.getData(), packet.getLength());
    }

    @Test
    void theSystemsErrorsAreNoEnd() throws Exception {
        UdpSocket from = openUdp();
        UdpSocket to = openUdp();
        PathAddress broadcast = pathOf(new InetSocketAddress("255.255.255.255", 9)); // not allowed

        send(from, broadcast, content(1, 30), 30);
        send(from, to, content(2, 30), 30);

        awaitTrue("the other has come", () -> heardBy(to).count() == 1);
        assertThat(counts(from))
                .extracting(DatagramCounts::sent, DatagramCounts::failed, DatagramCounts::refused)
                .containsExactly(1L, 1L, 0L);
    }

    @Test
    void aReadThatFailsIsNoEnd() throws Exception {
        UdpSocket from = openUdp();
        UdpSocket to = openUdp();

        onLoop(to, () -> {
            for (int i = 0; i < 3; i++) {
                to.channel().pipeline().fireExceptionCaught(new IOException("on purpose"));
            }
        });
        send(from, to, content(1, 30), 30);

        awaitTrue("it reads on", () -> heardBy(to).count() == 1);
        assertThat(heardBy(to).isClosed()).isFalse();
    }

    @Test
    void nobodyIsAnsweredAtPortZero() throws Exception {
        UdpSocket to = openUdp();
        InetSocketAddress forged = new InetSocketAddress(LOOPBACK, 0);

        onLoop(
                to,
                () -> to.channel()
                        .pipeline()
                        .fireChannelRead(new DatagramPacket(
                                to.channel().alloc().directBuffer(16).writeLong(1),
                                to.channel().localAddress(),
                                forged)));

        assertThat(counts(to))
                .extracting(DatagramCounts::received, DatagramCounts::unanswerable)
                .containsExactly(0L, 1L);
        assertThat(heardBy(to).count()).isZero();
    }

    @Test
    void boundToAllItServesBothFamilies() throws Exception {
        UdpSocket all = bindAt(new InetSocketAddress("::", 0));
        DatagramRecorder heard = new DatagramRecorder(all);
        onLoop(all, () -> all.receive(heard));
        int port = ((InetSocketAddress) all.localAddress()).getPort();

        for (String host : new String[] {"127.0.0.1", "::1"}) {
            try (java.net.DatagramSocket other = new java.net.DatagramSocket(new InetSocketAddress(host, 0))) {
                int before = heard.count();
                other.send(new java.net.DatagramPacket(new byte[9], 9, new InetSocketAddress(host, port)));
                awaitTrue("it has come", () -> heard.count() == before + 1);
                PathAddress from = heard.datagrams().get(before).from();
                assertThat(from).isEqualTo(pathOf((InetSocketAddress) other.getLocalSocketAddress()));
                onLoop(all, () -> all.send(content(1, 30), 0, 30, 30, from, Ecn.NOT_ECT));
                assertThat(receive(other)).isEqualTo(content(1, 30));
            }
        }
        all.close();
        LinkTestKit.awaitEnd(all.onClose());
        assertThat(heard.faults()).isEmpty();
    }

    @Test
    void asksForLargeBuffersAndTellsWhatTheSystemHasGiven() throws Exception {
        Path limit = Path.of("/proc/sys/net/core/rmem_max");
        Assumptions.assumeTrue(Files.isReadable(limit), "this system does not tell its limit");
        UdpSocket socket = openUdp();

        int most = Integer.parseInt(Files.readAllLines(limit).get(0));

        assertThat(socket.receiveBufferBytes())
                .isEqualTo(Math.min(most, UdpOptions.defaults().receiveBufferBytes()));
        assertThat(socket.sendBufferBytes()).isPositive();
    }

    /** Holds back what is written, as a system does that takes nothing. */
    private static final class Dam extends ChannelOutboundHandlerAdapter {
        private boolean open;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (open) {
                ctx.flush();
            }
        }

        void open(UdpSocket socket) {
            open = true;
            socket.channel().flush();
        }
    }

    private Dam dam(UdpSocket socket) throws Exception {
        Dam dam = new Dam();
        onLoop(socket, () -> socket.channel().pipeline().addFirst(dam));
        return dam;
    }

    @Test
    void tellsWhenThereIsRoomAgain() throws Exception {
        UdpSocket from = openUdp();
        UdpSocket to = openUdp();
        Dam dam = dam(from);
        AtomicReference<Boolean> writable = new AtomicReference<>();

        onLoop(from, () -> {
            for (int i = 0; from.writable(); i++) {
                sendNow(from, addressOf(to), content(i, 1_000), 1_000);
            }
        });
        assertThat(heardBy(from).events()).isEmpty();
        onLoop(from, () -> heardBy(from).call(() -> dam.open(from)));

        awaitTrue("told", () -> heardBy(from).events().contains("writable"));
        onLoop(from, () -> writable.set(from.writable()));
        assertThat(writable.get()).isTrue();
        assertThat(heardBy(from).events()).containsOnlyOnce("writable");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1_452, 65_507})
    void whatWaitsIsBoundedAndTheRestIsDropped(int bytes) throws Exception {
        UdpSocket from = openUdp();
        UdpSocket to = openUdp();
        Dam dam = dam(from);
        int sends = 2 * UdpSender.MOST_WAITING_BYTES / (bytes + Outgoing.OVERHEAD_BYTES);

        onLoop(from, () -> {
            for (int i = 0; i < sends; i++) {
                sendNow(from, addressOf(to), content(i, bytes), bytes);
                assertThat(from.waitingBytes()).isLessThanOrEqualTo(UdpSender.MOST_WAITING_BYTES);
            }
        });
        DatagramCounts held = counts(from);
        onLoop(from, () -> dam.open(from));

        assertThat(held.sent()).isZero();
        assertThat(held.dropped()).isBetween(sends / 2L - 1, sends / 2L + 2);
        assertThat(counts(from).sent()).isEqualTo(sends - held.dropped());
        onLoop(from, () -> assertThat(from.waitingBytes()).isZero());
    }

    @Test
    void whatWaitsIsReleasedAtTheEnd() throws Exception {
        UdpSocket from = openUdp();
        dam(from);

        onLoop(from, () -> sendNow(from, addressOf(from), content(1, 1_000), 1_000));
        from.close();
        LinkTestKit.awaitEnd(from.onClose());

        onLoop(from, () -> assertThat(from.waitingBytes()).isZero());
        assertThat(counts(from).failed()).isEqualTo(1);
    }

    @Test
    void saysThatItWasClosedFromBelow() throws Exception {
        UdpSocket socket = openUdp();

        onLoop(socket, () -> heardBy(socket).call(socket.channel()::close));

        LinkTestKit.awaitEnd(socket.onClose());
        assertThat(heardBy(socket).events())
                .containsExactly("closed java.io.IOException: the system has closed the socket");
    }

    @Test
    void aTakenPortIsAnError() throws Exception {
        UdpSocket first = openUdp();

        assertThatThrownBy(() -> bindAt((InetSocketAddress) first.localAddress()))
                .hasRootCauseInstanceOf(IOException.class)
                .rootCause()
                .matches(e -> e instanceof BindException || e.getMessage().contains("in use"));
    }

    @Test
    void aCancelledBindLeavesNothingBehind() throws Exception {
        int port;
        try (java.net.DatagramSocket other = new java.net.DatagramSocket(0, LOOPBACK)) {
            port = other.getLocalPort();
        }
        InetSocketAddress at = new InetSocketAddress(LOOPBACK, port);
        EventLoop loop = loops.onServer(true).next();

        CountDownLatch held = new CountDownLatch(1);

        loop.execute(() -> {
            while (held.getCount() > 0) {
                // busy, for to block is forbidden here, and so is a hint that it only waits
            }
        });
        Disposable bind = sockets().bind(loop, at).subscribe();
        bind.dispose();
        held.countDown();
        loop.submit(() -> {}).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);

        awaitTrue("the port is free", () -> isFree(at));
    }

    private static boolean isFree(InetSocketAddress at) {
        try (java.net.DatagramSocket socket = new java.net.DatagramSocket(at)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
