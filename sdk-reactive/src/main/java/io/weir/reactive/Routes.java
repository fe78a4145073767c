package io.weir.reactive;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.Target;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Peers by number, and payloads to and from any of them. A peer keeps its {@link Target} across sessions, until it is
 * removed. A peer that comes by itself is given one; where all are taken, one so given to a peer that is gone is given
 * anew.
 *
 * <p>Payloads go over one reliable stream in each session, {@value #STREAM}: in order, exactly once while the session lives,
 * under that peer's own credit. Between sessions nothing is kept: what a lost session had accepted is told by
 * {@link #losses}. All methods may be called from any thread.
 */
public interface Routes {

    /** The name of the stream that carries payloads; no handler may have it. */
    String STREAM = "weir.routes";

    /** The largest payload: its cost is the smallest window. What is larger is a stream's. */
    int MAX_PAYLOAD_BYTES = 65_520;

    /** How many {@link #send}s may wait for one peer's credit. */
    int MAX_WAITING = 1_024;

    /**
     * The number that the next new peer gets. They increase, and begin again after the last; one that is in use is left
     * out.
     *
     * @throws NoTargetException if all are in use
     */
    Target next();

    /**
     * The peer's number: the one that it has, or a new one.
     *
     * @throws NoTargetException if all are in use
     */
    Target add(PeerId peer);

    /**
     * Forgets the route and resets its stream; the session stays. False if there is none. A peer that is added again can be
     * sent to from its next session on.
     */
    boolean remove(Target target);

    /** Whether that number is some peer's. */
    boolean exists(Target target);

    /** Whose number that is. */
    Optional<PeerId> peer(Target target);

    /** The number of that peer. */
    Optional<Target> target(PeerId peer);

    /** Every number that is in use, increasing. */
    List<Target> all();

    /** Those whose peer has a live session, increasing. */
    List<Target> valid();

    /**
     * Sends a payload when the peer's credit allows it. Cold; the payload is read on subscription.
     *
     * @return completes when it is accepted, as {@link TrySend#OK} means it. Fails with
     *     {@link io.weir.core.error.MessageNotSentException} where the peer has no session or loses it meanwhile
     *     (LINK_LOST) or {@link #MAX_WAITING} wait already (TOO_MANY_REQUESTS), with
     *     {@link io.weir.core.error.PayloadTooLargeException}, with {@link IllegalArgumentException} where the number is
     *     nobody's. Cancelling takes back what is not accepted
     */
    Mono<Void> send(Target target, ByteBuffer payload);

    /**
     * Sends a payload now or not at all; never blocks. BACKPRESSURE also in the moment between a session's Ready and its
     * first credit, and while {@link #send}s wait.
     *
     * @throws IllegalArgumentException if the number is nobody's
     * @throws io.weir.core.error.PayloadTooLargeException above {@link #MAX_PAYLOAD_BYTES}
     */
    TrySend trySend(Target target, ByteBuffer payload);

    /**
     * Offers a payload to every peer, each under its own credit, as by {@link #trySend}: a slow one delays nobody. Cold.
     *
     * @return what became of it, for each number in use
     */
    Mono<Map<Target, TrySend>> sendAll(ByteBuffer payload);

    /**
     * The payloads of all peers, in turns of one of those that wait here. Demand is credit: what is not asked for
     * stays at its sender, but for one window and four payloads of each peer. Unicast, since each payload is one subscriber's and its
     * taking is credit: a second subscriber gets {@link IllegalStateException}. Cancelling stops the peers' sending over the
     * sessions that there are. Completes when the node has closed.
     */
    Flux<Routed> receive();

    /**
     * For each session that ended with payloads of which it is not known that the peer took them, one event, from the
     * subscription on. Multicast; 256 are kept for each subscriber, further ones are left out for it.
     */
    Flux<RouteLoss> losses();
}
