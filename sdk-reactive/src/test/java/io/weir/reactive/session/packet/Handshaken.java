package io.weir.reactive.session.packet;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.handshake.Arrival;
import io.weir.core.handshake.DatagramInitiator;
import io.weir.core.handshake.DatagramResponder;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.ResponderLimits;
import io.weir.core.identity.Identity;
import io.weir.core.path.PathAddress;
import java.util.Objects;

/**
 * Two ends whose handshake is done.
 *
 * @param initiator what its carrier is made of
 * @param responder the same of the other
 */
record Handshaken(PacketKeys initiator, PacketKeys responder) {

    private static final int OWN_INDEX = 0x1111_1111;

    /** @param roundTripNanos what both take for the round trip */
    static Handshaken between(
            PathAddress initiatorAt, PathAddress responderAt, RandomBytes random, long roundTripNanos) {
        ReceiverIndexes<Object> indexes = new ReceiverIndexes<>(random, 16);
        DropCounts drops = new DropCounts();
        DatagramInitiator initiator = new DatagramInitiator(config(random), OWN_INDEX, random, drops, 0);
        DatagramResponder responder =
                new DatagramResponder(config(random), ResponderLimits.defaults(), indexes, random, drops);
        byte[] init = Objects.requireNonNull(initiator.poll(0));
        byte[] response = Objects.requireNonNull(responder.onInit(init, init.length, initiatorAt, 0));
        initiator.receive(response, response.length, 0);
        byte[] finish = Objects.requireNonNull(initiator.poll(0));
        Arrival.Proved proved =
                (Arrival.Proved) Objects.requireNonNull(responder.onFinish(finish, finish.length, initiatorAt, 0));
        return new Handshaken(
                new PacketKeys(
                        Objects.requireNonNull(initiator.established()),
                        OWN_INDEX,
                        initiator.peerIndex(),
                        responderAt,
                        roundTripNanos),
                new PacketKeys(
                        proved.established(), proved.ownIndex(), proved.peerIndex(), proved.address(), roundTripNanos));
    }

    private static HandshakeConfig config(RandomBytes random) {
        return HandshakeConfig.of(Identity.generate(), X25519KeyPair.generate(random));
    }
}
