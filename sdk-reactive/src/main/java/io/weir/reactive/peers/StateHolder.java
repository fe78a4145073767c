package io.weir.reactive.peers;

import io.weir.reactive.PeerState;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

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
        return changes.asFlux().onBackpressureLatest();
    }

    /** What is the case already is not told again. */
    void become(PeerState state) {
        if (!state.equals(current)) {
            current = state;
            guarded(() -> changes.tryEmitNext(state));
        }
    }

    /** The last one. */
    void end(PeerState state) {
        become(state);
        guarded(changes::tryEmitComplete);
    }

    /** A subscriber that throws does no harm to the peer. */
    private static void guarded(Runnable telling) {
        try {
            telling.run();
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            Operators.onErrorDropped(e, Context.empty());
        }
    }
}
