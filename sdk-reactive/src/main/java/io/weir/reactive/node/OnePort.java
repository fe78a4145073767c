package io.weir.reactive.node;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.LinkListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Binds a {@link ListenPlace}: all of it, or nothing. Where the system is to choose the number, the first transport's is asked of the
 * others; if it is taken there, another is tried, {@link #MOST_TRIES} times in all. Until all are there nobody is let in.
 */
final class OnePort {

    /** A number that is free for one protocol is taken for another about as often as ports are in use; this many are not. */
    static final int MOST_TRIES = 16;

    private final ListenPlace place;
    private final BiFunction<PeerAddress, Consumer<Establisher>, Mono<LinkListener>> accept;
    private final Consumer<Establisher> onConnection;

    /** @param accept listens at one address */
    OnePort(
            ListenPlace place,
            BiFunction<PeerAddress, Consumer<Establisher>, Mono<LinkListener>> accept,
            Consumer<Establisher> onConnection) {
        this.place = place;
        this.accept = accept;
        this.onConnection = onConnection;
    }

    /** Cold: the listeners in the order of the place's addresses. Cancelling, early or late, leaves nothing bound. */
    Mono<List<LinkListener>> bind() {
        return bind(1);
    }

    private Mono<List<LinkListener>> bind(int tries) {
        return Mono.defer(() -> {
            Attempt attempt = new Attempt();
            return attempt.bind()
                    .onErrorResume(e -> attempt.end()
                            .then(
                                    attempt.hasBound()
                                                    && place.addresses().get(0).port() == 0
                                                    && tries < MOST_TRIES
                                            ? bind(tries + 1)
                                            : Mono.error(e)));
        });
    }

    /** With one number. */
    private final class Attempt {
        private final List<LinkListener> bound = new CopyOnWriteArrayList<>();
        private final AtomicBoolean whole = new AtomicBoolean();

        Mono<List<LinkListener>> bind() {
            List<PeerAddress> addresses = place.addresses();
            int last = addresses.size() - 1;
            return Flux.range(0, addresses.size())
                    .concatMap(
                            number ->
                                    bind(addresses.get(number), number == last).doOnNext(bound::add),
                            1)
                    .then(Mono.fromSupplier(() -> {
                        whole.set(true);
                        return List.copyOf(bound);
                    }))
                    .doOnCancel(() -> bound.forEach(LinkListener::dispose));
        }

        /** The last needs no door: when somebody comes to it all are bound, but for what is told of it. */
        private Mono<LinkListener> bind(PeerAddress address, boolean last) {
            PeerAddress at = bound.isEmpty()
                    ? address
                    : address.withPort(bound.get(0).address().port());
            return Mono.defer(() -> accept.apply(at, last ? onConnection : this::letInOnceWhole));
        }

        private void letInOnceWhole(Establisher connection) {
            if (whole.get()) {
                onConnection.accept(connection);
            } else {
                connection.close();
            }
        }

        boolean hasBound() {
            return !bound.isEmpty();
        }

        Mono<Void> end() {
            return Flux.fromIterable(bound)
                    .concatMap(listener -> listener.close().onErrorComplete())
                    .then();
        }
    }
}
