package io.weir.reactive.transport;

import io.weir.core.peer.PeerAddress;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** A bound address at which links are accepted until it is closed. Links accepted earlier outlive it. */
public interface LinkListener extends Disposable {

    /** The address as bound: with the real port where port 0 was asked for. */
    PeerAddress address();

    /** Cold: stops accepting and completes when the address is free again. Repeated, it completes likewise. */
    Mono<Void> close();

    /** Completes when the listener has ended, for whatever reason. Only observes. */
    Mono<Void> onClose();

    /** Stops accepting without waiting. */
    @Override
    void dispose();
}
