package io.weir.reactive;

import io.weir.core.peer.PeerAddress;
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * Finds out which peers there are: by a fixed set, DNS ({@code io.weir.reactive.discovery}), or whatever registry a program
 * has already.
 */
@FunctionalInterface
public interface PeerDiscovery {

    /**
     * The whole set of addresses, when it is first known and each time it changes. Cold: each subscription looks by itself
     * and ends with its cancellation. A source that cannot be reached does not end it and empties nothing: the last set
     * stands until a newer one is known. After completion the last set stands for good; an error says that it cannot go on.
     * Sets may come on any thread, one after the other.
     */
    Flux<Set<PeerAddress>> peers();
}
