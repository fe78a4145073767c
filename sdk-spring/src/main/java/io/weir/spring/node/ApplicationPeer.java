package io.weir.spring.node;

import io.weir.core.identity.PeerId;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import java.time.Duration;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** A peer of the application's node, also before that has started and after it has started again. */
public final class ApplicationPeer extends DeferredCalls implements Peer {

    private final Supplier<PeerId> id;
    private final Supplier<? extends Peer> peer;

    /**
     * One that is asked for anew by each call.
     *
     * @param id who it is
     * @param peer may throw before the start
     */
    public ApplicationPeer(Supplier<PeerId> id, Supplier<? extends Peer> peer) {
        super(peer);
        this.id = id;
        this.peer = peer;
    }

    @Override
    public PeerId id() {
        return id.get();
    }

    @Override
    public Mono<PeerSession> session() {
        return Mono.defer(() -> peer.get().session());
    }

    @Override
    public Mono<PeerStream> openStream(StreamId stream, StreamOpen open, StreamConfig config) {
        return Mono.defer(() -> peer.get().openStream(stream, open, config));
    }

    @Override
    public Peer within(Duration wait) {
        return new ApplicationPeer(id, () -> peer.get().within(wait));
    }
}
