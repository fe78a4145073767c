package io.weir.reactive.session.packet;

import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.path.PathAddress;

/**
 * What a handshake over datagrams has made, of which a {@link PacketCarrier} is made.
 *
 * @param established peer and ciphers; the carrier closes these
 * @param ownIndex the receiver index by which this side finds the session
 * @param peerIndex the one that the peer has chosen, which goes into each packet
 * @param peer where the peer is, as the handshake has proved
 * @param roundTripNanos what the handshake took, 0 or more; 0 where it cannot be told, as something was sent again
 */
public record PacketKeys(Established established, int ownIndex, int peerIndex, PathAddress peer, long roundTripNanos) {

    public PacketKeys {
        if (roundTripNanos < 0) {
            throw new IllegalArgumentException("roundTripNanos is " + roundTripNanos + "; legal: 0 and above");
        }
    }
}
