package io.weir.benchmarks.peer.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;

/**
 * One event loop for UDP sockets that are set up as Weir sets up its own: on epoll, with 4 MiB of buffers in both directions and
 * receive offload.
 */
public final class DatagramLoop {
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int RECEIVE_BYTES = 64 << 10;
    private static final int DATAGRAMS_PER_READ = 256;

    private final EventLoopGroup group;

    private DatagramLoop(EventLoopGroup group) {
        this.group = group;
    }

    /** A loop whose thread is named so. */
    public static DatagramLoop named(String threads) {
        return new DatagramLoop(new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(threads, true), EpollIoHandler.newFactory()));
    }

    /** A socket at a free port, for the life of the process. */
    public Channel bind(ChannelHandler handler) {
        return new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, BUFFER_BYTES)
                .option(EpollChannelOption.UDP_GRO, true)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(RECEIVE_BYTES).maxMessagesPerRead(DATAGRAMS_PER_READ))
                .handler(handler)
                .bind(new InetSocketAddress(TcpAddress.HOST, 0))
                .syncUninterruptibly()
                .channel();
    }
}
