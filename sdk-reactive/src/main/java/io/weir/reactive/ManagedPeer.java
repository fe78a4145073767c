package io.weir.reactive;

import io.weir.core.identity.PeerId;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One peer that a {@link ConnectionManager} keeps connected. All methods may be called from any thread. */
public interface ManagedPeer {

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
     * The session, now or as soon as there is one. Fails with {@link io.weir.core.error.ConnectException} where the peer is
     * given up or removed.
     */
    Mono<PeerSession> session();

    /** Forgets all failures and dials now, unless there is a session or a dial. For one that was given up, above all. */
    void retry();

    /** Wants it no more: a dial is aborted unless others want it too. A session stays; nobody dials it again. */
    void remove();

    /** {@link #remove}, and closes the session with that peer, whoever opened it. Cold; completes when it is closed. */
    Mono<Void> disconnect();
}
