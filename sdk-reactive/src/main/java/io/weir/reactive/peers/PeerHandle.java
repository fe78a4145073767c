package io.weir.reactive.peers;

import io.weir.core.identity.PeerId;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerSession;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import reactor.core.publisher.Mono;

/** A peer by its name. Holds nothing of it. */
record PeerHandle(WantedPeers peers, PeerId id) implements Peer {

    @Override
    public Mono<PeerSession> session() {
        return Barrier.mono(
                Mono.defer(() -> {
                    PeerSession live = peers.host().live(id);
                    return live != null ? Mono.just(live) : peers.nextSession(id);
                }),
                Fault::report);
    }

    @Override
    public String toString() {
        return "peer " + id;
    }
}
