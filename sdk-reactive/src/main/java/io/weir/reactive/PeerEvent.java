package io.weir.reactive;

import io.weir.core.error.CloseReason;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Something that happened at a node. Of each pair exactly one comes, always: connect leads to {@link ConnectionSetup} or
 * {@link ConnectionSetupError}, listen to {@link Listening} or {@link ListeningError}, {@link ConnectionReady} to
 * {@link ConnectionClosed} or {@link ConnectionLost}.
 */
public sealed interface PeerEvent {

    /** A listener is bound; the address has its real port. */
    record Listening(PeerAddress address) implements PeerEvent {}

    /** A listener could not be bound, so the node does not start: only {@link PeerNodeSpec#onEvent} hears of it. */
    record ListeningError(PeerAddress address, CloseReason reason) implements PeerEvent {}

    /** A dial led to a session. */
    record ConnectionSetup(PeerAddress address, PeerId peer, long sessionId) implements PeerEvent {}

    /** A dial failed. */
    record ConnectionSetupError(PeerAddress address, CloseReason reason) implements PeerEvent {}

    /** An inbound connection ended before it was a session: not Weir, another version, not admitted, too slow ... */
    record InboundRefused(SocketAddress remoteAddress, CloseReason reason) implements PeerEvent {}

    /** A session is ready: both sides proved who they are and were admitted. */
    record ConnectionReady(PeerId peer, SocketAddress remoteAddress, long sessionId, boolean initiator)
            implements PeerEvent {}

    /** A session ended with an authenticated END, from either side; the reason says why. */
    record ConnectionClosed(PeerId peer, SocketAddress remoteAddress, long sessionId, CloseReason reason)
            implements PeerEvent {}

    /**
     * A session ended without END: the link broke, or the peer fell silent.
     *
     * @param silence how long nothing had been heard
     */
    record ConnectionLost(
            PeerId peer, SocketAddress remoteAddress, long sessionId, CloseReason reason, Duration silence)
            implements PeerEvent {}

    /**
     * The deadline of a drain came before the end of so many streams and requests, of both sides: they are cut off. The
     * session's ConnectionClosed follows, with DRAIN_TIMEOUT.
     */
    record DrainCutOff(PeerId peer, SocketAddress remoteAddress, long sessionId, int streams, int requests)
            implements PeerEvent {}

    /**
     * Who answers at an address for which no id is given is another peer than before. What follows is kept with the new one.
     *
     * @param before who proved to be there when a session was last ready
     */
    record PeerChanged(PeerAddress address, PeerId before, PeerId now) implements PeerEvent {}

    /** This subscriber was too slow: so many events were left out here, always whole pairs. */
    record EventsDropped(long count) implements PeerEvent {}
}
