package io.weir.reactive;

import java.time.Duration;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Calls to one of several peers, chosen anew for each: for each subscription. Chosen are peers with a session that takes new
 * calls; where there is none the call waits for the first, at most {@link NodeLimits#sessionWait()} or as long as {@link #within}
 * says, and then fails with {@link io.weir.core.error.ConnectException}.
 *
 * <p>What a peer refuses before it has begun with it, because it goes away, is made at another peer, at most
 * {@link #MOST_ATTEMPTS} times in all; and so is what it refuses with BUSY, as far as {@link Balancing#extraAttempts} go. What may
 * have been begun is made once: it fails as on a session. Only {@link #hedged} requests may be run twice.
 *
 * <p>A view costs an object and is safe for any number of threads; several may be made of one group.
 */
public interface BalancedCalls extends PeerCalls {

    /** Peers that one call asks at the most, one after the other. */
    int MOST_ATTEMPTS = 3;

    /** The same calls, by consistent hashing: as long as the key's peer is there, it gets all of them. */
    BalancedCalls keyed(String key);

    /**
     * The same, but a peer with so many times the average outstanding passes the key's calls on
     * ({@link io.weir.core.balance.PeerSelector#consistentHash(double)}).
     *
     * @param loadFactor 1.0 to 100.0
     */
    BalancedCalls keyed(String key, double loadFactor);

    /**
     * The same calls, of which each request that is not answered in time is made at a second peer too, as far as
     * {@link Balancing#extraAttempts} go. The first answer is taken, and the other request cancelled; where one fails the other
     * is waited for. Only for requests that may be run twice. A value is encoded for each attempt, and must not change meanwhile.
     * To be made once and kept: the view is what knows the times of earlier answers.
     */
    BalancedCalls hedged(Hedging hedging);

    /**
     * The same calls, which wait that long for a peer.
     *
     * @param wait 0 to 1 h; 0 fails at once where there is none
     */
    BalancedCalls within(Duration wait);

    /** {@link #within} no time: the calls fail at once where there is no peer. */
    default BalancedCalls failFast() {
        return within(Duration.ZERO);
    }

    /** The session of a peer that is chosen as for a stream. Cold; waits as the calls do. What is done with it is not counted. */
    Mono<PeerSession> session();

    /**
     * What is made of the session of a peer, chosen as for a stream. Until its end it counts as one of the peer's streams. Cold;
     * waits as the calls do, and lives no longer than {@link Balancing#maxStreamAge()}.
     *
     * @param use called with each subscription; what it throws fails the flux. Nothing is tried at a second peer
     */
    <T> Flux<T> onSession(Function<? super PeerSession, ? extends Publisher<? extends T>> use);
}
