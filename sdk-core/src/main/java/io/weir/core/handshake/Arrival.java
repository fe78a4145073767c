package io.weir.core.handshake;

import io.weir.core.error.CloseReason;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.path.PathAddress;

/** What came of a handshake over datagrams that somebody else began. */
public sealed interface Arrival {

    /**
     * The peer has proved who it is, and that it receives at its address. Its receiver index here still leads to the
     * {@link HalfOpen} that it was, until the session takes it over.
     *
     * @param established the peer and the keys, which the taker closes
     * @param ownIndex what the peer puts into its packets
     * @param peerIndex what goes into packets to it
     * @param address where it is
     * @param roundTripNanos from INIT to FINISH: the round trip, or more if a FINISH was lost, which nobody knows here; 0 where
     *     RESPONSE went out more than once
     */
    record Proved(Established established, int ownIndex, int peerIndex, PathAddress address, long roundTripNanos)
            implements Arrival {}

    /**
     * Message 3 is the initiator's own, and its proof of identity must be refused. It is told nothing.
     *
     * @param address where it came from
     * @param reason what is wrong with it
     */
    record Refused(PathAddress address, CloseReason reason) implements Arrival {}
}
