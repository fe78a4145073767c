package io.weir.reactive;

import io.weir.core.error.CloseReason;
import io.weir.core.peer.PassedOver;
import io.weir.core.peer.PeerAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer that is wanted is at.
 *
 * <pre>{@code
 *   Idle --> Resolving --> Connecting --> Handshaking --> Ready --lost--> BackingOff or AwaitingInbound
 *    ^                        |  failed       |
 *    |                        v               v
 *    +------------------- BackingOff, or GaveUp if the reason is final    Removed, from anywhere, is the last
 * }</pre>
 *
 * A peer that dials by itself is {@link Ready} from anywhere. Times are by the wall clock of the node's scheduler.
 */
public sealed interface PeerState {

    /** To be dialled, as soon as there is room for one more dial. */
    record Idle() implements PeerState {}

    /**
     * The address's name is looked up.
     *
     * @param address the one of the peer's addresses that is dialled
     */
    record Resolving(PeerAddress address) implements PeerState {}

    /**
     * A connection is made.
     *
     * @param address the one that is dialled
     */
    record Connecting(PeerAddress address) implements PeerState {}

    /**
     * The ends prove to each other who they are.
     *
     * @param address the one that is dialled
     */
    record Handshaking(PeerAddress address) implements PeerState {}

    /**
     * There is a session, whoever dialled it.
     *
     * @param session the one with this peer; its end is told by the next state
     * @param passedOver the peer's addresses on transports that the policy prefers to the session's
     *     ({@link io.weir.core.peer.ConnectionPolicy#preference}), and why the last dial of each has failed, the most preferred first; none
     *     where it has what it prefers, or prefers nothing
     */
    record Ready(PeerSession session, List<PassedOver> passedOver) implements PeerState {
        public Ready {
            passedOver = List.copyOf(passedOver);
        }

        /** With what the policy prefers. */
        public Ready(PeerSession session) {
            this(session, List.of());
        }
    }

    /**
     * The last dial failed, or the session is lost.
     *
     * @param until then it is dialled again
     * @param attempt how many in a row have failed: dials of all its addresses, and sessions that did not last
     * @param reason why the last one did. Where time alone hardly mends that, {@code until} is as far away as the policy
     *     allows ({@link io.weir.core.peer.ConnectionPolicy#outlook})
     */
    record BackingOff(Instant until, long attempt, CloseReason reason) implements PeerState {}

    /**
     * The peer is to dial.
     *
     * @param until then this node dials; null, and it never does
     */
    record AwaitingInbound(@Nullable Instant until) implements PeerState {}

    /**
     * It is not dialled any more unless {@link ManagedPeer#retry} asks for it; its own dial is welcome.
     *
     * @param reason the failure that is final, or the last one when the policy's attempts were used up
     */
    record GaveUp(CloseReason reason) implements PeerState {}

    /**
     * It is wanted no more (CANCELLED), or the node is closed (NODE_CLOSED). Nothing follows.
     *
     * @param reason {@code CANCELLED} or {@code NODE_CLOSED}
     */
    record Removed(CloseReason reason) implements PeerState {}
}
