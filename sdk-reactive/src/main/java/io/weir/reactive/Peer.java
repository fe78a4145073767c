package io.weir.reactive;

import io.weir.core.identity.PeerId;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import reactor.core.publisher.Mono;

/**
 * A peer across its sessions, whether they are lost and come again or not. Connects nobody: that is done by
 * {@link ConnectionManager}, {@link PeerNode#connect} or the peer. All methods may be called from any thread.
 */
public interface Peer {

    PeerId id();

    /**
     * The session with it, now or as soon as there is one that takes new streams; may wait for ever. Cold. Fails with
     * {@link io.weir.core.error.ConnectException} NODE_CLOSED when the node closes.
     */
    Mono<PeerSession> session();

    /**
     * {@link PeerSession#openStream} on its session, now or as soon as there is one. The stream ends with that session; what
     * opens it again is {@link io.weir.reactive.operator.Reconnect}.
     */
    default Mono<PeerStream> openStream(StreamId id, StreamOpen open, StreamConfig config) {
        return session().map(session -> session.openStream(id, open, config));
    }

    /** The same with the id that is derived from the stream's name. */
    default Mono<PeerStream> openStream(String name, StreamConfig config) {
        return session().map(session -> session.openStream(name, config));
    }
}
