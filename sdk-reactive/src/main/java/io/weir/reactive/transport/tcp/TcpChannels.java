package io.weir.reactive.transport.tcp;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.resolver.NoopAddressResolverGroup;
import io.weir.reactive.transport.TcpKeepAlive;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.netty.GrantedBuffers;
import io.weir.reactive.transport.netty.NettyLoops;
import io.weir.reactive.transport.netty.SocketOptions;
import java.time.Duration;
import org.slf4j.Logger;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/** Sets up channels for links. What a system does not know is left out, and the rest works without it. Thread safe. */
final class TcpChannels {

    /** User-space output per link: not writable beyond the high mark, two records, and again below the low one. */
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    /** What the kernel may hold unsent before it calls the socket writable again: more only delays control frames. */
    private static final long NOT_SENT_LOW_WATER_BYTES = 128 * 1024;

    private static final int MIN_READ_BYTES = 2 * 1024;
    private static final int FIRST_READ_BYTES = 64 * 1024;
    private static final int MAX_READ_BYTES = 256 * 1024;

    private final TcpOptions options;
    private final GrantedBuffers granted;

    /** {@code log} is told where the system gives less than it was asked for. */
    TcpChannels(TcpOptions options, Logger log) {
        this.options = options;
        granted = new GrantedBuffers(log);
    }

    /** What dials, on no loop yet; each of its channels is to be {@linkplain #prepare prepared}. */
    TcpClient client() {
        return TcpClient.newConnection()
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.TCP_NODELAY, options.noDelay())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS);
    }

    /** What listens, on those loops; each channel that it accepts is to be {@linkplain #prepare prepared}. */
    TcpServer server(NettyLoops loops) {
        TcpServer server = TcpServer.create()
                .runOn(loops)
                .option(ChannelOption.SO_BACKLOG, options.backlog())
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, options.noDelay())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS);
        // The listening socket too: how far a window can be scaled is settled by the SYN (RFC 7323 section 2.2).
        return options.receiveBufferBytes() == 0
                ? server
                : server.option(ChannelOption.SO_RCVBUF, options.receiveBufferBytes());
    }

    /** Before it is connected, or as it is accepted: what only some channels have, or what each needs for itself. */
    void prepare(Channel channel) {
        channel.config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES));
        if (channel instanceof EpollSocketChannel epoll) {
            epoll.config().setTcpNotSentLowAt(NOT_SENT_LOW_WATER_BYTES);
        }
        if (options.receiveBufferBytes() > 0 || options.sendBufferBytes() > 0) {
            buffers(channel);
        }
        if (options.keepAlive() != null) {
            keepAlive(channel, options.keepAlive());
        }
    }

    private void buffers(Channel channel) {
        if (options.receiveBufferBytes() > 0) {
            SocketOptions.trySet(channel, ChannelOption.SO_RCVBUF, options.receiveBufferBytes());
        }
        if (options.sendBufferBytes() > 0) {
            SocketOptions.trySet(channel, ChannelOption.SO_SNDBUF, options.sendBufferBytes());
        }
        granted.check(channel, options.receiveBufferBytes(), options.sendBufferBytes());
    }

    private static void keepAlive(Channel channel, TcpKeepAlive timings) {
        SocketOptions.trySet(channel, ChannelOption.SO_KEEPALIVE, true);
        if (channel instanceof EpollSocketChannel) {
            SocketOptions.trySet(channel, EpollChannelOption.TCP_KEEPIDLE, seconds(timings.idle()));
            SocketOptions.trySet(channel, EpollChannelOption.TCP_KEEPINTVL, seconds(timings.interval()));
            SocketOptions.trySet(channel, EpollChannelOption.TCP_KEEPCNT, timings.probes());
        } else {
            SocketOptions.trySet(channel, "TCP_KEEPIDLE", seconds(timings.idle()));
            SocketOptions.trySet(channel, "TCP_KEEPINTERVAL", seconds(timings.interval()));
            SocketOptions.trySet(channel, "TCP_KEEPCOUNT", timings.probes());
        }
    }

    private static int seconds(Duration duration) {
        return (int) duration.plusNanos(999_999_999).toSeconds();
    }
}
