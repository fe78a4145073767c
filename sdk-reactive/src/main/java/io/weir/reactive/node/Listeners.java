package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.error.WeirException;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Handshakes;
import io.weir.reactive.transport.LinkListener;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The addresses at which a node listens; of each asked for, exactly one of Listening and ListeningError is told. One that ends of itself is
 * told as ListeningLost, and bound again; the others, and all sessions, go on meanwhile.
 */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final Transports transports;
    private final Handshakes handshakes;
    private final PeerId self;
    private final EventHub events;
    private final Unfinished unfinished;
    private final Rebinding rebinding;
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final List<LinkListener> bound = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    Listeners(
            Transports transports, Handshakes handshakes, EventHub events, Unfinished unfinished, Rebinding rebinding) {
        this.transports = transports;
        this.handshakes = handshakes;
        this.self = handshakes.config().identity().peerId();
        this.events = events;
        this.unfinished = unfinished;
        this.rebinding = rebinding;
    }

    /** Binds one after the other, up to the first that fails. */
    Mono<Void> bind(List<ListenPlace> places, Consumer<Establisher> onConnection) {
        return Flux.fromIterable(places)
                .concatMap(place -> bind(place, onConnection))
                .then();
    }

    private Mono<List<LinkListener>> bind(ListenPlace place, Consumer<Establisher> onConnection) {
        return Mono.defer(() -> {
            if (!unfinished.begin()) {
                return Mono.error(new ListenException(Transports.closed()).about(place.toString()));
            }
            AtomicBoolean told = new AtomicBoolean();
            return transports
                    .prepare(place, handshakes)
                    .then(new OnePort(
                                    place,
                                    (address, door) -> transports.accept(place, address, handshakes, door),
                                    onConnection)
                            .bind())
                    .doOnNext(listeners -> {
                        told.set(true);
                        listeners.forEach(listener -> onBound(place, listener, onConnection));
                    })
                    .doOnError(e -> {
                        if (e instanceof WeirException known) {
                            known.about(place.toString());
                        }
                        failed(place, reasonOf(e), told);
                    })
                    .doOnCancel(() -> failed(place, CloseReason.local(ErrorCode.CANCELLED), told))
                    .doFinally(signal -> unfinished.end());
        });
    }

    private void onBound(ListenPlace place, LinkListener listener, Consumer<Establisher> onConnection) {
        bound.add(listener);
        events.publish(new PeerEvent.Listening(listener.address().expecting(self)));
        if (closed) {
            listener.dispose();
        }
        Runnable lost = () -> onEnd(place, listener, onConnection);
        listener.onClose().subscribe(null, e -> lost.run(), lost);
    }

    private void onEnd(ListenPlace place, LinkListener listener, Consumer<Establisher> onConnection) {
        if (closed) {
            return;
        }
        bound.remove(listener);
        PeerAddress address = listener.address();
        CloseReason reason = CloseReason.local(ErrorCode.LINK_LOST, "the listener has ended of itself");
        LOG.warn("Listens no more at {}; it is bound again", address);
        events.publish(new PeerEvent.ListeningLost(address.expecting(self), reason));
        Mono<LinkListener> binding = Mono.defer(() -> unfinished.begin()
                ? transports.accept(place, address, handshakes, onConnection).doFinally(signal -> unfinished.end())
                : Mono.error(new ListenException(Transports.closed())));
        rebinding
                .again(address, binding)
                .takeUntilOther(closing.asMono())
                .subscribe(again -> onBound(place, again, onConnection));
    }

    private void failed(ListenPlace place, CloseReason reason, AtomicBoolean told) {
        if (told.compareAndSet(false, true)) {
            place.addresses().forEach(address -> events.publish(new PeerEvent.ListeningError(address, reason)));
        }
    }

    private static CloseReason reasonOf(Throwable e) {
        return e instanceof ListenException refused
                ? refused.reason()
                : CloseReason.local(ErrorCode.BIND_FAILED, String.valueOf(e.getMessage()));
    }

    /** With their real ports and this node's id. */
    List<PeerAddress> addresses() {
        return bound.stream()
                .map(listener -> listener.address().expecting(self))
                .toList();
    }

    /** Of the first listener that has one. */
    int port() {
        return bound.stream()
                .mapToInt(listener -> listener.address().port())
                .filter(port -> port != 0)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        bound.isEmpty() ? "the node does not listen" : "the node listens, but at no port"));
    }

    /** Whether this node listens at exactly that address; who is expected there is all the same. */
    boolean isOwn(PeerAddress address) {
        PeerAddress place = address.expecting(null);
        return bound.stream()
                .anyMatch(listener -> listener.address().expecting(null).equals(place));
    }

    /** Whether this node listens there, as far as its listeners' addresses tell. */
    boolean isOwn(SocketAddress address) {
        return address instanceof InetSocketAddress to
                && bound.stream().anyMatch(listener -> OwnAddress.covers(listener.address(), to));
    }

    /** Stops listening; completes when the addresses are free again. Cold, idempotent. */
    Mono<Void> close() {
        return Flux.defer(() -> {
                    closed = true;
                    closing.tryEmitEmpty();
                    events.forgetListening();
                    return Flux.fromIterable(bound);
                })
                .flatMap(listener -> listener.close().onErrorComplete())
                .then();
    }
}
