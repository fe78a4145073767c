package io.weir.reactive.transport.tcp;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.LinkListener;
import java.net.InetSocketAddress;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** A bound TCP port. */
final class TcpListener implements LinkListener {

    private final DisposableServer server;
    private final PeerAddress address;

    TcpListener(DisposableServer server, PeerAddress asked) {
        this.server = server;
        this.address = asked.withPort(((InetSocketAddress) server.address()).getPort());
    }

    @Override
    public PeerAddress address() {
        return address;
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(server::dispose).then(onClose());
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
}
