package io.weir.reactive.peers;

import io.weir.reactive.PeerState;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * The state of one peer, told to any number of subscribers: the current one first, then each change, of which a slow
 * subscriber gets the latest only. Written on the peers' loop only.
 */
final class StateHolder {

    private final Sinks.Many<PeerState> changes = Sinks.many().replay().latest();
    private volatile PeerState current;

    StateHolder(PeerState first) {
        current = first;
        changes.tryEmitNext(first);
    }

    PeerState current() {
        return current;
    }

    Flux<PeerState> flux() {
        return Barrier.flux(changes.asFlux().onBackpressureLatest(), Fault::report);
    }

    /** What is the case already is not told again. */
    void become(PeerState state) {
        if (!state.equals(current)) {
            current = state;
            changes.tryEmitNext(state);
        }
    }

    /** The last one. */
    void end(PeerState state) {
        become(state);
        changes.tryEmitComplete();
    }
}
