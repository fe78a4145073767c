package io.weir.reactive.session.port;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.LinkListener;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The ports of one address, at which a node takes what others begin. The address is free for others when the last session over it has ended; the node
 * itself may listen there again before. Thread safe.
 */
final class PortListener implements LinkListener {

    private final TransportPorts ports;
    private final PortGroup group;
    private final PeerAddress address;
    private final AtomicBoolean disposed = new AtomicBoolean();
    private final Sinks.Empty<Void> ended = Sinks.empty();

    PortListener(TransportPorts ports, PortGroup group, PeerAddress address) {
        this.ports = ports;
        this.group = group;
        this.address = address;
    }

    @Override
    public PeerAddress address() {
        return address;
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            dispose();
            return group.onClose();
        });
    }

    @Override
    public Mono<Void> onClose() {
        return ended.asMono();
    }

    @Override
    public void dispose() {
        if (disposed.compareAndSet(false, true)) {
            ports.forget(group);
            group.onEach(Port::stopListening, () -> {
                ports.rest(address, group);
                group.leave();
                if (group.isGone()) {
                    ports.restNoMore(address, group);
                }
            });
            ended.tryEmitEmpty();
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed.get();
    }
}
