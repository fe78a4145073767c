package io.weir.reactive;

import io.weir.core.identity.PeerId;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * A peer across its sessions, whether they are lost and come again or not. Connects nobody: that is done by
 * {@link ConnectionManager}, {@link PeerNode#connect} or the peer. All methods may be called from any thread.
 *
 * <p>Each call is made on the session that there is when it is subscribed to. Where there is none that takes new calls it waits for
 * the next, at most {@link NodeLimits#sessionWait()}, or as long as {@link #within} says; before a request's time-out, which
 * begins with the request. Then it fails with {@link io.weir.core.error.ConnectException}, which tells why there is no session as
 * far as this node knows: the last failure to dial the peer or the end of its last session, that it was given up, or
 * {@code NOT_CONNECTED}. Nothing of that call was begun. So it fails at once where the node is closed, and with
 * {@code TOO_MANY_REQUESTS} where {@link NodeLimits#maxRequestsOutstanding()} wait for this peer already. A call that waited is made on the
 * node's {@linkplain PeerNodeSpec#scheduler scheduler}. What fails on the session fails as there and is not made again.
 */
public interface Peer extends PeerCalls {

    /** Who it is. */
    PeerId id();

    /**
     * The session with it, now or as soon as there is one that takes new calls. Waits for ever, but for what {@link #within} says.
     * Cold. Fails with {@link io.weir.core.error.ConnectException}: NODE_CLOSED when the node closes.
     */
    Mono<PeerSession> session();

    /**
     * {@link PeerSession#openStream} on its session; waits for one as the other calls do. The stream ends with that session; what
     * opens it again is {@link io.weir.reactive.operator.Reconnect}.
     */
    Mono<PeerStream> openStream(StreamId id, StreamOpen open, StreamConfig config);

    /** The same with the id that is derived from the stream's name. */
    default Mono<PeerStream> openStream(String name, StreamConfig config) {
        return openStream(StreamId.of(name), StreamOpen.named(name), config);
    }

    /** The same, {@linkplain StreamConfig#reliable() reliable}. */
    default Mono<PeerStream> openStream(String name) {
        return openStream(name, StreamConfig.reliable());
    }

    /**
     * The same peer, whose calls, and {@link #session()}, wait that long for a session.
     *
     * @param wait 0 to 1 h; 0 fails at once where there is none
     */
    Peer within(Duration wait);

    /** {@link #within} no time: the calls fail at once where there is no session. */
    default Peer failFast() {
        return within(Duration.ZERO);
    }
}
