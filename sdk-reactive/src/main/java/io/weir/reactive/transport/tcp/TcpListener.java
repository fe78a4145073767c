package io.weir.reactive.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.LinkListener;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** A bound TCP port. */
final class TcpListener implements LinkListener {

    private final DisposableServer server;
    private final PeerAddress address;

    TcpListener(DisposableServer server, PeerAddress asked) {
        this.server = server;
        this.address = asked.withPort(((InetSocketAddress) server.address()).getPort());
        AcceptGuard.install(server.channel());
    }

    @Override
    public PeerAddress address() {
        return address;
    }

    /** The listening socket, for tests. */
    Channel channel() {
        return server.channel();
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(server::dispose).then(onClose()).then(Mono.defer(this::letGo));
    }

    @Override
    public Mono<Void> onClose() {
        return server.onDispose();
    }

    @Override
    public void dispose() {
        server.dispose();
    }

    @Override
    public boolean isDisposed() {
        return server.isDisposed();
    }

    /** The JDK's selectors let go of a closed socket, and so of its port, only in their next round. */
    private Mono<Void> letGo() {
        Channel channel = server.channel();
        if (channel instanceof EpollServerSocketChannel) {
            return Mono.empty();
        }
        return Mono.create(sink -> {
            try {
                channel.eventLoop().schedule(() -> sink.success(), 1, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                sink.success();
            }
        });
    }
}
