package io.weir.reactive.transport;

import io.weir.core.identity.PeerId;
import java.net.SocketAddress;

/**
 * A peer that has proved who it is, and what carries frames to it and back: what a session is made on. Whoever gets it starts
 * the carrier before it returns; else it is closed.
 *
 * @param peer who is at the other end
 * @param carrier not started; its path knows the round trip that the handshake took, its loop is the session's
 * @param remoteAddress where the peer is, as this end sees it
 * @param transport {@link Transport#scheme} of the transport that made the connection
 */
public record Association(PeerId peer, Carrier carrier, SocketAddress remoteAddress, String transport) {}
