package io.weir.core.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RecordCipher;
import io.weir.core.path.PathAddress;
import io.weir.core.path.PathChallenge;
import io.weir.core.path.PathMove;
import io.weir.core.path.PathValidation;
import io.weir.core.wire.Bytes;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packets of one session from several addresses: its index finds it, and only an authentic packet is a reason to look there. */
final class AddressChangeTest {
    private static final PathAddress HOME = address(1, 4_000);
    private static final long PROBE_TIMEOUT = 1_000_000_000L;

    private final PacketPair pair = new PacketPair(CipherSuite.AESGCM);
    private final ReceiverIndexes<PacketOpener> indexes = new ReceiverIndexes<>(new Random(2)::nextBytes, 8);
    private final PathValidation validation = new PathValidation(HOME, new Random(1)::nextBytes);
    private final int index = indexes.claim(pair.opener);
    private final PacketSealer peer = new PacketSealer(RecordCipher.sealing(CipherSuite.AESGCM, PacketPair.KEY), index);

    @Test
    void followsThePeerWhenItAnswersFromItsNewAddress() {
        PathAddress newIp = address(2, 5_000);
        arrive(packet(0), HOME);
        arrive(packet(1), newIp);

        PathChallenge challenge = Objects.requireNonNull(validation.poll(0));
        assertThat(validation.proven()).isEqualTo(HOME);
        assertThat(challenge.to()).isEqualTo(newIp);
        assertThat(challenge.datagramBytes()).as("three times what came").isEqualTo(3 * packet(2).length);

        assertThat(validation.onPong(HOME, challenge.token())).isEqualTo(PathMove.NONE);
        assertThat(validation.onPong(newIp, challenge.token())).isEqualTo(PathMove.NEW_IP);
        assertThat(validation.proven()).isEqualTo(newIp);
    }

    @Test
    void doesNotLookWhereRepeatedAlteredOrOldPacketsComeFrom() {
        byte[] first = packet(0);
        byte[] old = packet(1);
        arrive(first, HOME);
        arrive(packet(2), HOME);
        byte[] altered = packet(3);
        altered[20] ^= 1;

        arrive(first, address(9, 1));
        arrive(altered, address(9, 2));
        arrive(new byte[0], address(9, 3));
        arrive(old, address(9, 4));

        assertThat(validation.poll(0)).isNull();
        assertThat(validation.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(validation.proven()).isEqualTo(HOME);
    }

    /** What a node does with a datagram of type PACKET. */
    private void arrive(byte[] datagram, PathAddress from) {
        PacketOpener opener =
                datagram.length < PacketHeader.LENGTH ? null : indexes.owner(PacketHeader.receiverIndex(datagram));
        if (opener != null && opener.open(datagram, datagram.length, new byte[PacketPair.LONGEST]) > 0) {
            validation.onPacket(from, opener.number(), datagram.length, PROBE_TIMEOUT, 0);
        }
    }

    private byte[] packet(long number) {
        byte[] packet = new byte[PacketSealer.OVERHEAD + 4];
        peer.seal(number, new byte[4], 0, 4, packet);
        return packet;
    }

    private static PathAddress address(int last, int port) {
        return new PathAddress(Bytes.copyOf(new byte[] {10, 0, 0, (byte) last}), port);
    }
}
