package io.weir.reactive.peers;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.ConnectionManager.PeerChange;
import io.weir.reactive.PeerState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Tells a sink where those peers are at that one source names: a peer that it names no more is {@link PeerState.Removed} to it,
 * whoever else wants it. Touched on the peers' loop only. Holds one entry for each peer that is named.
 */
final class NamedPeers implements Following.Listener {

    private final FluxSink<PeerChange> sink;
    private final Map<KeptPeer, Disposable> watched = new LinkedHashMap<>();

    NamedPeers(FluxSink<PeerChange> sink) {
        this.sink = sink;
    }

    /** What a source's followers hear of its peers. For one subscriber, who asks for all there is. */
    static Flux<PeerChange> by(Function<Following.Listener, Disposable> follow) {
        return Flux.push(sink -> sink.onDispose(follow.apply(new NamedPeers(sink))), FluxSink.OverflowStrategy.IGNORE);
    }

    @Override
    public void named(KeptPeer peer) {
        watched.put(peer, peer.states().subscribe(state -> sink.next(new PeerChange(peer, state)), e -> left(peer)));
    }

    @Override
    public void left(KeptPeer peer) {
        Disposable watch = watched.remove(peer);
        if (watch != null) {
            watch.dispose();
            sink.next(new PeerChange(peer, new PeerState.Removed(CloseReason.local(ErrorCode.CANCELLED))));
        }
    }
}
