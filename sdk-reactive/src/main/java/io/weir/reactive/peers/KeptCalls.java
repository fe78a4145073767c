package io.weir.reactive.peers;

import io.weir.reactive.PeerSession;
import io.weir.reactive.calls.AwaitedCalls;
import io.weir.reactive.calls.Waiting;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The calls of a peer that is kept, which wait as long as its user said. */
record KeptCalls(KeptPeer peer, Waiting waiting) implements AwaitedCalls {

    @Override
    public @Nullable PeerSession live() {
        return peer.live();
    }

    @Override
    public Mono<PeerSession> awaited() {
        return peer.awaited(waiting);
    }

    @Override
    public String toString() {
        return peer.toString();
    }
}
