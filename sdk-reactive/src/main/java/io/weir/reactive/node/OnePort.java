package io.weir.reactive.node;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.LinkListener;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Binds a {@link ListenPlace}: all of it, or nothing. Where the system is to choose the number, the first transport's is asked of the
 * second; if it is taken there, another is tried, {@link #MOST_TRIES} times in all. Until both are there nobody is let in.
 */
final class OnePort {

    /** A number that is free for one protocol is taken for the other about as often as ports are in use; this many are not. */
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

    /** Cold. Cancelling, early or late, leaves nothing bound. */
    Mono<List<LinkListener>> bind() {
        PeerAddress second = place.second();
        return second == null ? accept.apply(place.first(), onConnection).map(List::of) : bind(second, 1);
    }

    private Mono<List<LinkListener>> bind(PeerAddress second, int tries) {
        AtomicBoolean whole = new AtomicBoolean();
        Consumer<Establisher> door = connection -> {
            if (whole.get()) {
                onConnection.accept(connection);
            } else {
                connection.close();
            }
        };
        return accept.apply(place.first(), door).flatMap(first -> {
            int port = first.address().port();
            return accept.apply(second.withPort(port), onConnection)
                    .map(other -> {
                        whole.set(true);
                        return List.of(first, other);
                    })
                    .onErrorResume(e -> first.close()
                            .then(second.port() == 0 && tries < MOST_TRIES ? bind(second, tries + 1) : Mono.error(e)))
                    .doOnCancel(first::dispose);
        });
    }
}
