package io.weir.reactive;

import io.weir.core.error.CloseReason;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Something that happened at a node. Of each pair exactly one comes, always: connect leads to {@link ConnectionSetup} or
 * {@link ConnectionSetupError}, listen to {@link Listening} or {@link ListeningError}, {@link ConnectionReady} to
 * {@link ConnectionClosed} or {@link ConnectionLost}. Sessions are named by {@link PeerSession#id}, dials by what was dialled.
 */
public sealed interface PeerEvent {

    /**
     * A listener is bound; again, where it has been {@link ListeningLost}.
     *
     * @param address with the port that the system chose, where it was to, and this node's id
     */
    record Listening(PeerAddress address) implements PeerEvent {}

    /**
     * A listener could not be bound, so the node does not start: only {@link PeerNodeSpec#onEvent} hears of it.
     *
     * @param address that was to be listened at
     * @param reason mostly {@code BIND_FAILED}
     */
    record ListeningError(PeerAddress address, CloseReason reason) implements PeerEvent {}

    /**
     * A listener that was bound has ended of itself: its socket is closed, and not by the node. Sessions that came by it over a connection of
     * their own go on, as do the other listeners, that of another transport at the same number too. The node binds it again, after at most
     * 0.1 s and then less and less often, 30 s apart at most; {@link Listening} tells when it is back.
     *
     * @param address as it was bound, with this node's id
     * @param reason {@code LINK_LOST}
     */
    record ListeningLost(PeerAddress address, CloseReason reason) implements PeerEvent {}

    /**
     * A dial led to a session.
     *
     * @param address what was dialled
     * @param peer who proved to be there
     * @param sessionId of the session that it led to, be it one that was there before
     */
    record ConnectionSetup(PeerAddress address, PeerId peer, long sessionId) implements PeerEvent {}

    /**
     * A dial failed.
     *
     * @param address what was dialled
     * @param reason why there is no session; whether it is worth another dial
     */
    record ConnectionSetupError(PeerAddress address, CloseReason reason) implements PeerEvent {}

    /**
     * An inbound connection ended before it was a session: not Weir, another version, not admitted, too slow ...
     *
     * @param remoteAddress where it came from
     * @param reason why it came to nothing
     */
    record InboundRefused(SocketAddress remoteAddress, CloseReason reason) implements PeerEvent {}

    /**
     * A session is ready: both sides proved who they are and were admitted.
     *
     * @param peer who proved to be there
     * @param remoteAddress the far end
     * @param sessionId of the session
     * @param initiator whether this node dialled
     */
    record ConnectionReady(PeerId peer, SocketAddress remoteAddress, long sessionId, boolean initiator)
            implements PeerEvent {}

    /**
     * The peer of a session over datagrams is at another address than before, as it has proved: it has changed networks, or a
     * NAT on the way its port. The session goes on.
     *
     * @param peer who is there
     * @param from where it was
     * @param to where it is
     * @param sessionId of the session
     */
    record ConnectionMoved(PeerId peer, SocketAddress from, SocketAddress to, long sessionId) implements PeerEvent {}

    /**
     * A session ended with an authenticated END, from either side; the reason says why.
     *
     * @param peer who was there
     * @param remoteAddress the far end
     * @param sessionId of the session
     * @param reason which side said END, and why
     */
    record ConnectionClosed(PeerId peer, SocketAddress remoteAddress, long sessionId, CloseReason reason)
            implements PeerEvent {}

    /**
     * A session ended without END: the link broke, or the peer fell silent.
     *
     * @param peer who was there
     * @param remoteAddress the far end
     * @param sessionId of the session
     * @param reason what was found: {@code LINK_LOST}, {@code SILENCE} ...
     * @param silence how long nothing had been heard
     */
    record ConnectionLost(
            PeerId peer, SocketAddress remoteAddress, long sessionId, CloseReason reason, Duration silence)
            implements PeerEvent {}

    /**
     * The deadline of a drain came before the end of so many streams and requests, of both sides: they are cut off. The
     * session's ConnectionClosed follows, with DRAIN_TIMEOUT.
     *
     * @param peer who is there
     * @param remoteAddress the far end
     * @param sessionId of the session
     * @param streams that had not ended, or of which not everything was consumed
     * @param requests that were not answered, of either side
     */
    record DrainCutOff(PeerId peer, SocketAddress remoteAddress, long sessionId, int streams, int requests)
            implements PeerEvent {}

    /**
     * Who answers at an address for which no id is given is another peer than before. What follows is kept with the new one.
     *
     * @param address where both answered
     * @param before who proved to be there when a session was last ready
     * @param now who does now
     */
    record PeerChanged(PeerAddress address, PeerId before, PeerId now) implements PeerEvent {}

    /**
     * This subscriber was too slow: so many events were left out here, always whole pairs.
     *
     * @param count events left out since the last such event, 1 or more
     */
    record EventsDropped(long count) implements PeerEvent {}
}
