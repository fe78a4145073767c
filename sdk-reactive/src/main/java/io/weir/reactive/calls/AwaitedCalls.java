package io.weir.reactive.calls;

import io.weir.reactive.PeerSession;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls across the sessions with a peer: each is made on the session that there is when it is subscribed to, else on the next one. */
public interface AwaitedCalls extends CheckedCalls {

    /** The session that takes new calls; null: none at this moment. */
    @Nullable
    PeerSession live();

    /** The next session, or why there is none in time. */
    Mono<PeerSession> awaited();

    @Override
    default <T> Mono<T> one(Function<PeerSession, Mono<T>> call) {
        return Mono.defer(() -> {
            PeerSession live = live();
            return live != null ? call.apply(live) : awaited().flatMap(call);
        });
    }

    @Override
    default <T> Flux<T> many(Function<PeerSession, Flux<T>> call) {
        return Flux.defer(() -> {
            PeerSession live = live();
            return live != null ? call.apply(live) : awaited().flatMapMany(call);
        });
    }
}
