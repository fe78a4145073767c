package io.weir.test.simulation;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.Transport;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Knows the link that was dialled last, to cut it. */
final class CutTransport implements Transport {

    private final Transport actual;
    private @Nullable Link last;

    CutTransport(Transport actual) {
        this.actual = actual;
    }

    void cut() {
        if (last != null) {
            last.close();
        }
    }

    @Override
    public String scheme() {
        return actual.scheme();
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return actual.connect(address, timeout).doOnNext(link -> last = link);
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
