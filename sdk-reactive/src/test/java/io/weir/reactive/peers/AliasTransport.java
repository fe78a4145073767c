package io.weir.reactive.peers;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.Transport;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A transport on which one host can be reached by a second name. */
record AliasTransport(Transport actual, String alias, String host) implements Transport {

    @Override
    public String scheme() {
        return actual.scheme();
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return actual.connect(address.host().equals(alias) ? PeerAddress.memory(host) : address, timeout);
    }

    @Override
    public Mono<LinkListener> listen(PeerAddress address, Consumer<? super Link> onLink) {
        return actual.listen(address, onLink);
    }

    @Override
    public void dispose() {
        actual.dispose();
    }

    @Override
    public Mono<Void> disposeLater() {
        return actual.disposeLater();
    }
}
