package io.weir.samples.cli.forward;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.weir.reactive.transport.netty.NettyLoops;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Accepts and makes connections of TCP, all on one event loop: what they carry is sealed on another one. Any thread. */
final class TcpPorts implements AutoCloseable {

    private static final int CONNECT_MILLIS = 10_000;

    private final NettyLoops loops = new NettyLoops("weir-forward", 1, true);
    private final EventLoopGroup group = loops.onServer(true);

    /**
     * Listens. Cold.
     *
     * @param host a name or a literal, looked up where that may block
     * @param port 0 takes a free one
     * @param onConnection takes each connection, on the event loop
     * @return where it listens; fails with {@link java.io.IOException}
     */
    Mono<InetSocketAddress> accept(String host, int port, Consumer<TcpSocket> onConnection) {
        return lookedUp(host, port)
                .flatMap(place -> bound(new ServerBootstrap()
                                .group(group)
                                .channel(loops.onChannelClass(ServerSocketChannel.class, group)
                                        .asSubclass(ServerSocketChannel.class))
                                .childHandler(new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        TcpSocket socket = TcpSocket.install(channel);
                                        channel.eventLoop().execute(() -> onConnection.accept(socket));
                                    }
                                })
                                .bind(place))
                        .map(channel -> (InetSocketAddress) channel.localAddress()));
    }

    /** Connects, within 10 s for each attempt. Cold; fails with {@link java.io.IOException}. */
    Mono<TcpSocket> connect(String host, int port) {
        return lookedUp(host, port).flatMap(place -> {
            AtomicReference<TcpSocket> socket = new AtomicReference<>();
            return bound(new Bootstrap()
                            .group(group)
                            .channel(loops.onChannelClass(SocketChannel.class, group)
                                    .asSubclass(SocketChannel.class))
                            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                            .handler(new ChannelInitializer<SocketChannel>() {
                                @Override
                                protected void initChannel(SocketChannel channel) {
                                    socket.set(TcpSocket.install(channel));
                                }
                            })
                            .connect(place))
                    .mapNotNull(channel -> socket.get());
        });
    }

    /** Breaks off all connections. Returns at once. */
    @Override
    public void close() {
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).subscribe();
    }

    private static Mono<InetSocketAddress> lookedUp(String host, int port) {
        return Mono.fromCallable(() -> new InetSocketAddress(host, port)).subscribeOn(Schedulers.boundedElastic());
    }

    private static Mono<Channel> bound(ChannelFuture future) {
        return Mono.create(sink -> future.addListener(done -> {
            if (done.isSuccess()) {
                sink.success(future.channel());
            } else {
                sink.error(done.cause());
            }
        }));
    }
}
