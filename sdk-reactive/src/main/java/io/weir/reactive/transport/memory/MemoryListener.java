package io.weir.reactive.transport.memory;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** A name bound in a {@link MemoryNetwork}. */
final class MemoryListener implements LinkListener {

    private final MemoryTransport transport;
    private final PeerAddress address;
    private final Consumer<? super Link> onLink;
    private final Sinks.Empty<Void> ended = Sinks.empty();

    private volatile boolean disposed;

    MemoryListener(MemoryTransport transport, PeerAddress address, Consumer<? super Link> onLink) {
        this.transport = transport;
        this.address = address;
        this.onLink = onLink;
    }

    /** On the link's loop, before anything arrives there. */
    void accept(MemoryLink link) {
        if (disposed || !transport.own(link)) {
            link.close();
            return;
        }
        try {
            onLink.accept(link);
        } catch (Throwable e) {
            link.close();
            Fault.report(e, Context.empty());
        }
    }

    /** The host that listens: its transport's, or else one of the name listened at. */
    String host() {
        String host = transport.host();
        return host != null ? host : address.host();
    }

    @Override
    public PeerAddress address() {
        return address;
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(this::dispose);
    }

    @Override
    public Mono<Void> onClose() {
        return ended.asMono();
    }

    @Override
    public void dispose() {
        disposed = true;
        transport.forget(this);
        ended.tryEmitEmpty();
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }
}
