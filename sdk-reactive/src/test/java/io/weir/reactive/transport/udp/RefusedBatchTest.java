package io.weir.reactive.transport.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.weir.core.datagram.DatagramCounts;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.transport.DatagramRecorder;
import io.weir.reactive.transport.Inet;
import io.weir.reactive.transport.LinkTestKit;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.netty.NettyLoops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a batch that the system does not cut apart. */
@Timeout(60)
class RefusedBatchTest {

    private static final int EIO = -5;
    private static final int EMSGSIZE = -90;
    private static final int SEGMENTS = 10;

    private NettyLoops loops;
    private UdpSocket from;
    private UdpSocket to;
    private DatagramRecorder heard;

    @BeforeEach
    void bind() throws Exception {
        Assumptions.assumeTrue(
                EpollDatagramChannel.isSegmentedDatagramPacketSupported(), "this system cuts nothing apart");
        loops = new NettyLoops("udp-test", 1, true);
        UdpSockets sockets = new UdpSockets(loops, UdpOptions.defaults(), new Scopes(), true);
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        from = LinkTestKit.await(sockets.bind(loops.onServer(true).next(), anywhere));
        to = LinkTestKit.await(sockets.bind(loops.onServer(true).next(), anywhere));
        heard = new DatagramRecorder(to);
        onLoop(() -> to.receive(heard));
    }

    @AfterEach
    void close() {
        if (loops != null) {
            from.close();
            to.close();
            LinkTestKit.awaitEnd(from.onClose());
            LinkTestKit.awaitEnd(to.onClose());
            LinkTestKit.awaitEnd(loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)));
        }
    }

    private void onLoop(Runnable task) throws Exception {
        from.channel().eventLoop().submit(task).get(10, TimeUnit.SECONDS);
    }

    private void send(int segmentBytes) throws Exception {
        PathAddress at = Inet.path((InetSocketAddress) to.localAddress());
        onLoop(() -> from.send(
                new byte[SEGMENTS * segmentBytes], 0, SEGMENTS * segmentBytes, segmentBytes, at, Ecn.NOT_ECT));
    }

    private void awaitAll(int count) {
        LinkTestKit.awaitTrue(count + " have come", () -> heard.count() == count);
    }

    /** Refuses batches of segments from a size on, as a system does. */
    private static final class Refusing extends ChannelOutboundHandlerAdapter {
        private final int refusedBytes;
        private final int error;
        private int batches;

        Refusing(int refusedBytes, int error) {
            this.refusedBytes = refusedBytes;
            this.error = error;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (message instanceof SegmentedDatagramPacket batch) {
                batches++;
                if (batch.segmentSize() >= refusedBytes) {
                    batch.release();
                    promise.setFailure(Errors.newIOException("sendmmsg", error));
                    return;
                }
            }
            ctx.write(message, promise);
        }
    }

    private Refusing refusing(int refusedBytes, int error) throws Exception {
        Refusing refusing = new Refusing(refusedBytes, error);
        onLoop(() -> from.channel().pipeline().addFirst(refusing));
        return refusing;
    }

    @Test
    void goesOneByOneAndSoDoThoseBehindIt() throws Exception {
        Refusing refusing = refusing(1_300, EMSGSIZE);

        send(1_400);
        awaitAll(SEGMENTS);
        send(1_300);
        send(1_400);
        awaitAll(3 * SEGMENTS);

        assertThat(refusing.batches).isEqualTo(2);
        assertThat(heard.datagrams())
                .allSatisfy(one -> assertThat(one.bytes().length).isIn(1_300, 1_400));
    }

    @Test
    void smallerSegmentsAreTriedAgain() throws Exception {
        Refusing refusing = refusing(1_300, EMSGSIZE);

        send(1_400);
        send(1_200);
        send(1_200);

        awaitAll(3 * SEGMENTS);
        assertThat(refusing.batches).isEqualTo(3);
    }

    @Test
    void whereTheInterfaceCannotDoItNoBatchIsTriedAgain() throws Exception {
        Refusing refusing = refusing(1, EIO);

        for (int segmentBytes : new int[] {1_400, 1_200, 100, 2}) {
            send(segmentBytes);
        }

        awaitAll(4 * SEGMENTS);
        assertThat(refusing.batches).isEqualTo(1);
        onLoop(() -> assertThat(from.counts()).isEqualTo(new DatagramCounts(4 * SEGMENTS, 0, 0, 0, 0, 0)));
    }

    /** That nothing of this is done where nothing is refused. */
    @Test
    void aBatchIsOneWrite() throws Exception {
        Refusing refusing = refusing(Integer.MAX_VALUE, EIO);

        send(1_452);

        awaitAll(SEGMENTS);
        assertThat(refusing.batches).isEqualTo(1);
    }
}
