package io.weir.reactive.peers;

import io.weir.core.identity.PeerId;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.calls.AwaitedCalls;
import io.weir.reactive.calls.Waiting;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A peer by its name. Holds nothing of it.
 *
 * @param said how long its user wants to wait; null if nothing was said
 */
record PeerHandle(WantedPeers peers, PeerId id, @Nullable Waiting said) implements Peer, AwaitedCalls {

    @Override
    public @Nullable PeerSession live() {
        return peers.host().live(id);
    }

    @Override
    public Mono<PeerSession> awaited() {
        Waiting waiting = said == null ? peers.waiting() : said;
        return waiting.forThe(peers.nextSession(id), waited -> peers.absence(id).after(waited, toString()));
    }

    @Override
    public Mono<PeerSession> session() {
        return Barrier.mono(
                Mono.defer(() -> {
                    PeerSession live = live();
                    if (live != null) {
                        return Mono.just(live);
                    }
                    return said == null ? peers.nextSession(id) : awaited();
                }),
                Fault::report);
    }

    @Override
    public Mono<PeerStream> openStream(StreamId streamId, StreamOpen open, StreamConfig config) {
        Objects.requireNonNull(streamId, "id");
        Objects.requireNonNull(open, "open");
        Objects.requireNonNull(config, "config");
        return Barrier.mono(one(session -> Mono.just(session.openStream(streamId, open, config))), Fault::report);
    }

    @Override
    public Peer within(Duration wait) {
        return new PeerHandle(peers, id, peers.waiting().within(wait));
    }

    @Override
    public String toString() {
        return "peer " + id;
    }
}
