package io.weir.reactive.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.netty.resources.LoopResources;

/**
 * A transport's event loops and the channels on them, of one kind, chosen by name: native epoll where it loads, else the
 * JDK's selectors. Left to itself, Reactor Netty takes whatever native transport it finds first on the class path, io_uring
 * before epoll, and drops with a warning the options that only epoll has. All threads are daemons, and may not block.
 */
public final class NettyLoops implements LoopResources {

    private final boolean epoll;
    private final EventLoopGroup group;
    private final EventLoopGroup colocated;

    /**
     * So many loops.
     *
     * @param name how their threads' names begin
     * @param preferNative false takes the JDK's selectors, as on platforms without epoll
     */
    public NettyLoops(String name, int threads, boolean preferNative) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", must be 1 or more");
        }
        epoll = preferNative && Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(threads, threads(name + (epoll ? "-epoll-" : "-nio-")), handlers);
        colocated = LoopResources.colocate(group);
    }

    /** Whether they are native. */
    public boolean isEpoll() {
        return epoll;
    }

    /** The same loops, where each connection made lives on that one. */
    public LoopResources on(EventLoop loop) {
        return new On(loop);
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return group;
    }

    /** On one of the loops, what is asked for lives on that loop. */
    @Override
    public EventLoopGroup onClient(boolean useNative) {
        return colocated;
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup loops) {
        return type.cast(newChannel(type));
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup loops) {
        return channelClass(type).asSubclass(type);
    }

    @Override
    public boolean daemon() {
        return true;
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return Mono.create(
                ended -> group.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .addListener(done -> ended.success()));
    }

    @Override
    public boolean isDisposed() {
        return group.isShuttingDown();
    }

    private Channel newChannel(Class<? extends Channel> type) {
        if (type == ServerSocketChannel.class) {
            return epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
        }
        if (type == DatagramChannel.class) {
            return epoll ? new EpollDatagramChannel() : new NioDatagramChannel();
        }
        if (type == SocketChannel.class) {
            return epoll ? new EpollSocketChannel() : new NioSocketChannel();
        }
        throw new IllegalArgumentException("a channel of " + type + ", must be of TCP or UDP");
    }

    private Class<? extends Channel> channelClass(Class<? extends Channel> type) {
        if (type == ServerSocketChannel.class) {
            return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        }
        if (type == DatagramChannel.class) {
            return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
        }
        if (type == SocketChannel.class) {
            return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        }
        throw new IllegalArgumentException("a channel of " + type + ", must be of TCP or UDP");
    }

    private static ThreadFactory threads(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new LoopThread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Reactor refuses to block on such a thread, and BlockHound sees it. */
    private static final class LoopThread extends FastThreadLocalThread implements NonBlocking {
        LoopThread(Runnable task, String name) {
            super(task, name);
        }
    }

    private final class On implements LoopResources {
        private final EventLoop loop;

        On(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public EventLoopGroup onServer(boolean useNative) {
            return loop;
        }

        @Override
        public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup loops) {
            return NettyLoops.this.onChannel(type, loops);
        }

        @Override
        public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup loops) {
            return NettyLoops.this.onChannelClass(type, loops);
        }
    }
}
