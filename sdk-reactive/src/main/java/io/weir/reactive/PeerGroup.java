package io.weir.reactive;

import io.weir.core.identity.PeerId;
import java.util.List;
import reactor.core.Disposable;

/**
 * Several peers that offer the same, and calls that are spread over them ({@link ConnectionManager#balanced}). Who belongs to
 * it comes and goes as its source says; who of them is chosen is decided by {@link Balancing}. Counts what it has begun and leaves
 * out who fails; connects nobody by itself. Holds something for each of its peers, of which there are at most as many as may be
 * wanted. All methods may be called from any thread.
 */
public interface PeerGroup extends BalancedCalls, Disposable {

    /**
     * One of its peers.
     *
     * @param peer who it is
     * @param requests that this group has begun with it and that are not over
     * @param streams that this group has open with it
     * @param ready whether it has a session that takes new calls
     * @param leftOut whether it is left out for a time, because it failed
     */
    record Member(PeerId peer, int requests, int streams, boolean ready, boolean leftOut) {}

    /** Those whose id is known, at this moment, in the order in which they came. */
    List<Member> members();

    /** How it spreads its calls. */
    Balancing balancing();

    /**
     * Follows its source no more; calls from now on fail with {@link io.weir.core.error.ConnectException} CANCELLED. Those that
     * were begun go on.
     */
    @Override
    void dispose();

    @Override
    boolean isDisposed();
}
