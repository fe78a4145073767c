package io.weir.reactive;

import io.weir.core.identity.PeerId;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One peer that a {@link ConnectionManager} keeps connected. Its calls are those of a {@link Peer}: on its session, or on the next
 * one that comes within {@link NodeLimits#sessionWait()}. They fail with {@link io.weir.core.error.ConnectException} at once where it is
 * given up or removed. All methods may be called from any thread.
 */
public interface ManagedPeer extends PeerCalls {

    /** Who is wanted, where and how. */
    WantedPeer wanted();

    /** Who it is: as wanted, or, where only addresses were given, as the last session proved. */
    Optional<PeerId> id();

    /** Where it is at now. */
    PeerState state();

    /**
     * Where it is at now, then each change. A subscriber that is slow misses changes, never the latest; completes after
     * {@link PeerState.Removed}. Signals come on the node's scheduler: a subscriber must not block.
     */
    Flux<PeerState> states();

    /**
     * The session, now or as soon as there is one that takes new calls; waits for ever. Fails with
     * {@link io.weir.core.error.ConnectException} where the peer is given up or removed.
     */
    Mono<PeerSession> session();

    /**
     * Its calls, which wait that long for a session.
     *
     * @param wait 0 to 1 h; 0 fails at once where there is none
     */
    PeerCalls within(Duration wait);

    /** {@link #within} no time: the calls fail at once where there is no session. */
    default PeerCalls failFast() {
        return within(Duration.ZERO);
    }

    /** Forgets all failures and dials now, unless there is a session or a dial. For one that was given up, above all. */
    void retry();

    /** Wants it no more: a dial is aborted unless others want it too. A session stays; nobody dials it again. */
    void remove();

    /** {@link #remove}, and closes the session with that peer, whoever opened it. Cold; completes when it is closed. */
    Mono<Void> disconnect();
}
