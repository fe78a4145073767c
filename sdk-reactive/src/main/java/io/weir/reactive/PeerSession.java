package io.weir.reactive;

import io.weir.core.error.CloseReason;
import io.weir.core.identity.PeerId;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import java.net.SocketAddress;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An authenticated, encrypted association with one peer over one link. Lives on one loop, where all of its signals
 * arrive; its methods may be called from any thread. The node owns it: nothing here needs to be subscribed for it to
 * live, and {@link #dispose} or {@link #close} end it.
 */
public interface PeerSession extends Disposable {

    /** A number that is unique within the node, for logs. */
    long id();

    /** Who the peer proved to be. */
    PeerId peer();

    /** The link's far end. */
    SocketAddress remoteAddress();

    /** Whether this node dialled. */
    boolean initiator();

    /** Where the session is in its life. */
    SessionState state();

    /**
     * A handle on the stream with this id. Does no I/O: the first use of the handle joins the live stream of that id if
     * there is one (its config then wins, with a warning in the log), else opens a new epoch.
     *
     * @param id opaque, chosen by the caller; both sides name the same stream by the same id
     */
    PeerStream openStream(StreamId id, StreamOpen open, StreamConfig config);

    /** A handle on the stream whose id is derived from its name. */
    default PeerStream openStream(String name, StreamConfig config) {
        return openStream(StreamId.of(name), StreamOpen.named(name), config);
    }

    /**
     * Streams that the peer opened and for which no handler is declared. Each must be used (subscribed, sent to) within
     * 10 s or is refused; at most 16 wait, further ones are refused at once. Multicast: those waiting first, then each
     * new one.
     */
    Flux<PeerStream> streams();

    /** Says END to the peer, flushes and closes. Cold; completes when the session is closed. */
    Mono<Void> close();

    /** Says END and closes now. */
    @Override
    void dispose();

    @Override
    boolean isDisposed();

    /** Emits why the session ended, then completes. Only observes. */
    Mono<CloseReason> onClose();
}
