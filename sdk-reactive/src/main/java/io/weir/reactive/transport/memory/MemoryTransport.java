package io.weir.reactive.transport.memory;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTransport;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** One node's access to a {@link MemoryNetwork}. Thread safe. */
final class MemoryTransport implements LinkTransport {

    private final MemoryNetwork network;
    private final @Nullable String source;
    private final Set<MemoryListener> listeners = ConcurrentHashMap.newKeySet();
    private final Set<MemoryLink> links = ConcurrentHashMap.newKeySet();

    private volatile boolean disposed;

    MemoryTransport(MemoryNetwork network, @Nullable String source) {
        this.network = network;
        this.source = source;
    }

    @Override
    public String scheme() {
        return PeerAddress.MEMORY;
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        check(address);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", must be positive");
        }
        return Mono.create(sink -> dial(address, timeout, sink));
    }

    @Override
    public Mono<LinkListener> listen(PeerAddress address, Consumer<? super Link> onLink) {
        check(address);
        Objects.requireNonNull(onLink, "onLink");
        return Mono.fromCallable(() -> bind(address, onLink));
    }

    @Override
    public void dispose() {
        disposed = true;
        listeners.forEach(MemoryListener::dispose);
        links.forEach(MemoryLink::close);
    }

    @Override
    public Mono<Void> disposeLater() {
        return Mono.defer(() -> {
            Mono<Void> closed =
                    Mono.when(links.stream().map(MemoryLink::onClose).toList());
            dispose();
            return closed;
        });
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    /** What this transport's host is called; null if it has no name. */
    @Nullable
    String host() {
        return source;
    }

    /** Takes a link under this transport's life; false if that is over. */
    boolean own(MemoryLink link) {
        links.add(link);
        link.onClose().subscribe(null, null, () -> links.remove(link));
        return !disposed;
    }

    void forget(MemoryListener listener) {
        network.unbind(listener.address().host(), listener);
        listeners.remove(listener);
    }

    private LinkListener bind(PeerAddress address, Consumer<? super Link> onLink) {
        MemoryListener listener = new MemoryListener(this, address, onLink);
        if (disposed || !network.bind(address.host(), listener)) {
            String why = disposed ? "the transport is disposed" : address + " is taken";
            throw new ListenException(CloseReason.local(ErrorCode.BIND_FAILED, why), new IllegalStateException(why));
        }
        listeners.add(listener);
        if (disposed) {
            listener.dispose();
        }
        return listener;
    }

    private void dial(PeerAddress address, Duration timeout, MonoSink<Link> sink) {
        if (disposed) {
            sink.error(MemoryDial.refused("the transport is disposed"));
            return;
        }
        MemoryWire wire = network.wire(source != null ? source : network.nextSource(), address.host());
        new MemoryDial(network, this, address, timeout, sink, wire).start();
    }

    private static void check(PeerAddress address) {
        if (!address.scheme().equals(PeerAddress.MEMORY)) {
            throw new IllegalArgumentException("address is " + address + ", must be memory://name");
        }
    }
}
