package io.weir.reactive;

import io.weir.core.identity.PeerId;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * One connection of a node, with the session on it, as it was when {@link PeerNode#connections} was asked. Its parts may be from
 * slightly different moments. Times are by the wall clock of the session's loop, to about a millisecond.
 *
 * @param id {@link PeerSession#id}: unique within the node, and in its events and logs
 * @param peer who proved to be at the other end
 * @param address where the peer is now, as this end sees it: of one that has dialled the port is of its choosing, and over
 *     datagrams either may change ({@link PeerEvent.ConnectionMoved})
 * @param transport scheme of the transport, as in a {@link io.weir.core.peer.PeerAddress}: {@code tcp}, {@code memory} ...
 * @param direction who dialled
 * @param since when the session became ready
 * @param lastHeard when something authentic of the peer came last, elements, messages and heartbeats alike
 * @param roundTrip smoothed, as {@link PeerSession#roundTrip}
 * @param state where the session is in its life: {@code READY}, or on its way to the end
 */
public record ConnectionInfo(
        long id,
        PeerId peer,
        SocketAddress address,
        String transport,
        Direction direction,
        Instant since,
        Instant lastHeard,
        Duration roundTrip,
        SessionState state) {

    /** Who dialled. */
    public enum Direction {
        /** The peer did. */
        INBOUND,
        /** This node did. */
        OUTBOUND
    }

    public ConnectionInfo {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(direction, "direction");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(lastHeard, "lastHeard");
        Objects.requireNonNull(roundTrip, "roundTrip");
        Objects.requireNonNull(state, "state");
    }
}
