package io.weir.reactive;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps the peers that are wanted connected, by the node's {@link io.weir.core.peer.ConnectionPolicy} or their own: dials
 * them, at most {@link NodeLimits#maxParallelDials()} at once and first come first served, and again when they are lost; or
 * awaits them where they are to dial. All methods may be called from any thread.
 *
 * <p>There is one session with each peer. One that is wanted twice, by different addresses, is {@link PeerState.Ready} twice
 * with the same session.
 */
public interface ConnectionManager {

    /**
     * What one peer has come to.
     *
     * @param peer the same object as {@link #add} gave
     * @param state where it is at since
     */
    record PeerChange(ManagedPeer peer, PeerState state) {}

    /**
     * Wants a peer from now on. One that is wanted already (the same id; without id, the same addresses) is the same
     * {@link ManagedPeer} with what is new of its addresses and policy, and is dialled anew if it was given up.
     *
     * @throws io.weir.core.error.ConnectException SELF_CONNECT if it is this node, by its id or an address it listens on
     * @throws IllegalStateException if as many peers are wanted as the node may have sessions
     */
    ManagedPeer add(WantedPeer peer);

    /** Wants whoever answers there: {@link WantedPeer#at}. */
    default ManagedPeer add(PeerAddress address) {
        return add(WantedPeer.at(address));
    }

    /** Wants the peer at each of these addresses; the node's own are left out. */
    List<ManagedPeer> connectAll(Collection<PeerAddress> addresses);

    /**
     * Wants the peers at the addresses of the latest set: those that are new are added, those that it names no more are
     * wanted no more, unless somebody else wants them too. A session stays when its address goes. The node's own addresses
     * are left out. An error is logged, and what was wanted stays; so it does when the source completes. The source is
     * cancelled when the node closes.
     *
     * @return disposing it ends following, and wants no more what only that source named
     */
    Disposable follow(Publisher<? extends Set<PeerAddress>> discovered);

    /** {@link #follow(Publisher)} for what a discovery finds. */
    default Disposable follow(PeerDiscovery discovery) {
        return follow(discovery.peers());
    }

    /**
     * Wants nobody any more, whoever wanted it, and drains ({@link PeerSession#drain}) the sessions with those that were wanted,
     * whoever opened them; the node goes on, and so do its sessions with others. Dials to them are aborted, and sources that
     * are followed are followed no more. Who is added from the subscription on is wanted as ever. Cold.
     *
     * @param deadline of the drains, 0 to 1 h; what it cuts off is told by {@link PeerEvent.DrainCutOff}
     * @return completes when all these sessions are closed, however they ended
     * @throws IllegalArgumentException for another deadline
     */
    Mono<Void> disconnectAll(Duration deadline);

    /** All peers that are wanted, in the order in which they came to be. */
    List<ManagedPeer> list();

    /** Who is wanted under that id, or by an address that led to it. */
    default Optional<ManagedPeer> find(PeerId id) {
        return list().stream()
                .filter(peer -> peer.id().filter(id::equals).isPresent())
                .findFirst();
    }

    /** Who is wanted at that address, whomever that expects. */
    default Optional<ManagedPeer> find(PeerAddress address) {
        PeerAddress place = address.expecting(null);
        return list().stream()
                .filter(peer -> peer.wanted().addresses().stream()
                        .anyMatch(each -> each.expecting(null).equals(place)))
                .findFirst();
    }

    /**
     * Where each peer is at now, then each change of any. A subscriber that is slow misses changes, never the latest of a
     * peer. Completes when the node closes, after {@link PeerState.Removed} of each.
     */
    Flux<PeerChange> states();

    /**
     * One group of all peers that are wanted, whoever wants them. Ends with the node, or when it is disposed.
     *
     * @param balancing how its calls are spread
     */
    default PeerGroup balanced(Balancing balancing) {
        return balanced(states(), balancing);
    }

    /**
     * A group of the peers that a discovery finds, which are wanted as {@link #follow} does. Disposing it ends that too.
     *
     * @param balancing how its calls are spread
     */
    PeerGroup balanced(PeerDiscovery discovery, Balancing balancing);

    /**
     * A group of the peers that a source tells of, such as some of {@link #states()}. A peer leaves it when it is told to be
     * {@link PeerState.Removed}. When the source completes or fails, those that are in the group stay in it.
     *
     * @param changes where each peer is at now, then each change
     * @param balancing how its calls are spread
     */
    PeerGroup balanced(Publisher<PeerChange> changes, Balancing balancing);
}
