package io.weir.reactive.transport.udp;

import static io.weir.reactive.transport.LinkTestKit.await;
import static io.weir.reactive.transport.LinkTestKit.awaitEnd;
import static io.weir.reactive.transport.LinkTestKit.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.DatagramPacket;
import io.weir.core.datagram.Drop;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.CountingTally;
import io.weir.reactive.transport.DatagramRecorder;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.UdpOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Who gets what comes to a port that is lent, and when it is closed. */
@Timeout(60)
class LentSocketTest {

    private static final PeerAddress ANYWHERE = PeerAddress.udp("127.0.0.1", 0);
    private static final int SOCKETS = 4;

    private final UdpTransport transport =
            new UdpTransport(SOCKETS, UdpOptions.defaults().withSockets(SOCKETS), true);
    private final Guest guest = new Guest();
    private final CountingTally tally = new CountingTally();

    @AfterEach
    void dispose() {
        awaitEnd(transport.disposeLater());
        assertThat(transport.sockets()).isEmpty();
    }

    private static InetSocketAddress at(DatagramSocket socket) {
        return (InetSocketAddress) socket.localAddress();
    }

    private LentSocket lent(DatagramSocket socket) {
        LentSocket lent = await(transport.lend(at(socket)));
        await(Mono.create(sink -> socket.loop().execute(() -> {
            lent.install(tally, guest);
            sink.success(true);
        })));
        return lent;
    }

    private static void giveBack(DatagramSocket socket, LentSocket lent) {
        socket.loop().execute(lent::giveBack);
        lent.ended().awaitUninterruptibly();
    }

    private static DatagramRecorder received(DatagramSocket socket) {
        DatagramRecorder recorder = new DatagramRecorder(socket);
        socket.loop().execute(() -> recorder.call(() -> socket.receive(recorder)));
        return recorder;
    }

    /** From a port of its own, so that the system may give it to any of the sockets. */
    private static void send(DatagramSocket to, int first) {
        try (java.net.DatagramSocket sender = new java.net.DatagramSocket()) {
            sender.send(new java.net.DatagramPacket(new byte[] {(byte) first, 1, 2}, 3, at(to)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x7F, 0xC0, 0xFF})
    void whatHasTheFixedBitIsTheGuests(int first) {
        DatagramSocket socket = await(transport.bind(ANYWHERE));
        DatagramRecorder weir = received(socket);
        LentSocket lent = lent(socket);

        send(socket, first);

        awaitTrue("come", () -> guest.come.contains(first));
        awaitTrue("told that this was all", () -> guest.turns.get() == 1);
        assertThat(weir.count()).isZero();

        giveBack(socket, lent);
        send(socket, first);
        awaitTrue("nobody's, which Weir counts", () -> weir.count() == 1);
        assertThat(guest.come).hasSize(1);
        assertThat(guest.removed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x08, 0x3F, 0x80, 0xBF})
    void whatHasNotIsWeirs(int first) {
        DatagramSocket socket = await(transport.bind(ANYWHERE));
        DatagramRecorder weir = received(socket);
        lent(socket);

        send(socket, first);

        awaitTrue("come", () -> weir.count() == 1);
        assertThat(guest.come).isEmpty();
    }

    @Test
    void isLentOnceUntilItIsGivenBack() {
        DatagramSocket socket = await(transport.bind(ANYWHERE));
        LentSocket lent = lent(socket);

        assertThatThrownBy(() -> await(transport.lend(at(socket)))).hasCauseInstanceOf(IOException.class);
        giveBack(socket, lent);
        await(transport.lend(at(socket)));
        assertThatThrownBy(() -> await(transport.lend(new InetSocketAddress("127.0.0.1", 1))))
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void isOpenUntilBothHaveDoneWithIt() {
        DatagramSocket socket = await(transport.bind(ANYWHERE));
        DatagramRecorder weir = received(socket);
        LentSocket lent = lent(socket);
        AtomicBoolean closed = new AtomicBoolean();
        socket.onClose().subscribe(null, null, () -> closed.set(true));

        socket.close();
        awaitTrue("Weir has done with it", weir::isClosed);
        send(socket, 0x40);
        awaitTrue("the guest has not", () -> guest.come.size() == 1);
        send(socket, 0x00);
        awaitTrue("nobody's, which is counted", () -> tally.drops(Drop.NOT_LISTENING) == 1);
        assertThat(closed).isFalse();
        assertThat(lent.ended().isDone()).isFalse();

        giveBack(socket, lent);
        awaitEnd(socket.onClose());
        new DatagramRecorder(
                await(transport.bind(PeerAddress.udp("127.0.0.1", at(socket).getPort()))));
    }

    @Test
    void endsWithItsTransport() {
        DatagramSocket socket = await(transport.bind(ANYWHERE));
        LentSocket lent = lent(socket);

        awaitEnd(transport.disposeLater());

        assertThat(lent.ended().isDone()).isTrue();
        assertThat(guest.removed).isTrue();
    }

    /** What comes to the others crosses to the loop of the first, and no more of it waits than is said. */
    @Test
    void whatComesToAnotherSocketCrossesAndNoMoreWaitsThanMay() {
        assumeTrue(Epoll.isAvailable(), "only Linux spreads senders over the sockets of a port");
        List<DatagramSocket> sockets = await(transport.bindAll(ANYWHERE));
        sockets.forEach(LentSocketTest::received);
        DatagramSocket first = sockets.get(0);
        LentSocket lent = lent(first);
        AtomicBoolean busy = new AtomicBoolean(true);
        AtomicBoolean begun = new AtomicBoolean();
        first.loop().execute(() -> {
            begun.set(true);
            while (busy.get()) {
                // a loop must not block, nor say that it waits
            }
        });
        awaitTrue("the loop of the first is busy", begun::get);

        int sent = 4 * LentSocket.MOST_WAITING;
        for (int i = 0; i < sent; i++) {
            send(first, 0x40);
        }
        awaitTrue(
                "about a fourth comes to the first itself, and of the rest all that may waits",
                () -> lent.waiting() == LentSocket.MOST_WAITING && tally.drops(Drop.HANDOVER_FULL) > 0);
        busy.set(false);

        awaitTrue("all but what was dropped", () -> guest.come.size() == sent - tally.drops(Drop.HANDOVER_FULL));
        assertThat(lent.waiting()).isZero();
        send(first, 0x41);
        awaitTrue("it goes on", () -> guest.come.contains(0x41));
    }

    /** Notes first bytes. */
    private static final class Guest extends ChannelInboundHandlerAdapter {
        private final Queue<Integer> come = new ConcurrentLinkedQueue<>();
        private final AtomicInteger turns = new AtomicInteger();
        private final AtomicBoolean removed = new AtomicBoolean();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            come.add((int) packet.content().getUnsignedByte(packet.content().readerIndex()));
            packet.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            turns.incrementAndGet();
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            removed.set(true);
        }
    }
}
