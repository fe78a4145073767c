package io.weir.reactive.node;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.ForwardingTransport;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTransport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Counts how often it was really asked to dial and to listen. */
final class CountingTransport extends ForwardingTransport {

    private final AtomicInteger dials = new AtomicInteger();
    private final AtomicInteger listens = new AtomicInteger();

    CountingTransport(LinkTransport actual) {
        super(actual);
    }

    int dials() {
        return dials.get();
    }

    int listens() {
        return listens.get();
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return super.connect(address, timeout).doOnSubscribe(s -> dials.incrementAndGet());
    }

    @Override
    public Mono<LinkListener> listen(PeerAddress address, Consumer<? super Link> onLink) {
        return super.listen(address, onLink).doOnSubscribe(s -> listens.incrementAndGet());
    }
}
