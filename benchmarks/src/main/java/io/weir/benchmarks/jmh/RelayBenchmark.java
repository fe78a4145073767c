package io.weir.benchmarks.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.weir.core.peer.PeerAddress;
import io.weir.test.network.LinkProfile;
import io.weir.test.proxy.UdpImpairment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a datagram of 1,452 bytes costs that goes through {@link UdpImpairment}, sender and receiver, which do nothing else,
 * included: at most a piece of them is under way for each of {@link #WINDOW}. So it is not what limits the workloads L. Wants epoll.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RelayBenchmark {
    private static final int BYTES = 1_452;
    private static final int BATCH = 44;
    private static final int BATCHES = 200;
    private static final int WINDOW = 8;

    /** One way, with jitter of as much, so that pieces come apart; 0 is as fast as it goes. */
    @Param({"0", "1000"})
    public int latencyMicros;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private volatile long received;
    private long sent;
    private @Nullable Channel sender;
    private @Nullable Channel receiver;
    private @Nullable UdpImpairment relay;

    /** A benchmark that JMH sets up. */
    public RelayBenchmark() {}

    /** Binds all sockets. */
    @Setup
    public void open() {
        sender = bind();
        receiver = bind();
        InetSocketAddress target = (InetSocketAddress) receiver.localAddress();
        relay = UdpImpairment.startNow(PeerAddress.udp("127.0.0.1", target.getPort()), 1);
        Duration latency = Duration.ofNanos(latencyMicros * 1_000L);
        relay.profile(LinkProfile.PERFECT.withLatency(latency).withJitter(latency));
    }

    /** Closes them. */
    @TearDown
    public void close() {
        Objects.requireNonNull(relay).close();
        loops.shutdownGracefully();
    }

    /** One datagram through the relay. */
    @Benchmark
    @OperationsPerInvocation(BATCH * BATCHES)
    public long datagram() {
        Channel from = Objects.requireNonNull(sender);
        InetSocketAddress to = Objects.requireNonNull(relay).socketAddress();
        for (int batch = 0; batch < BATCHES; batch++) {
            await(sent - (WINDOW - 1) * BATCH);
            ByteBuf bytes = from.alloc().directBuffer(BATCH * BYTES).writeZero(BATCH * BYTES);
            from.writeAndFlush(new SegmentedDatagramPacket(bytes, BYTES, to));
            sent += BATCH;
        }
        await(sent);
        return received;
    }

    private void await(long datagrams) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (received < datagrams) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("lost: " + Objects.requireNonNull(relay));
            }
            Thread.yield();
        }
    }

    private Channel bind() {
        EpollDatagramChannel channel = new EpollDatagramChannel();
        channel.config().setReceiveBufferSize(4 << 20).setSendBufferSize(4 << 20);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(1 << 16));
        channel.config().setUdpGro(true);
        channel.pipeline().addLast(new SimpleChannelInboundHandler<DatagramPacket>() {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
                received++;
            }
        });
        loops.register(channel).syncUninterruptibly();
        return channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }
}
