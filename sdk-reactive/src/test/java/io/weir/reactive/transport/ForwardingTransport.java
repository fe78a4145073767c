package io.weir.reactive.transport;

import io.weir.core.peer.PeerAddress;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Another transport as it is: for tests that change or watch one thing of it. */
public abstract class ForwardingTransport implements LinkTransport {

    protected final LinkTransport actual;

    protected ForwardingTransport(LinkTransport actual) {
        this.actual = actual;
    }

    @Override
    public String scheme() {
        return actual.scheme();
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return actual.connect(address, timeout);
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

    @Override
    public boolean isDisposed() {
        return actual.isDisposed();
    }
}
