package io.weir.core.handshake;

import static io.weir.core.handshake.DatagramPair.AT_ALICE;
import static io.weir.core.handshake.DatagramPair.SECOND;
import static io.weir.core.handshake.HandshakePair.seeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.PacketHeader;
import io.weir.core.datagram.PacketOpener;
import io.weir.core.datagram.PacketSealer;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeResult.Established;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One handshake over a network that a seed makes: how much it loses, doubles, delays, reorders and corrupts, whether the responder
 * wants a cookie, and the suite. Behind it each side sends a packet now and again until it has heard one, as a session does.
 */
final class LossyHandshake {
    private static final long LIMIT = 10 * SECOND;
    private static final long PACKET_EVERY = SECOND / 4;
    private static final int INDEX = 77;

    private final Random random;
    private final long seed;
    private final double loss;
    private final double corruption;
    private final long longestDelay;
    private final PriorityQueue<Flight> underway = new PriorityQueue<>(Comparator.comparingLong(Flight::arrivesAt));
    private final ReceiverIndexes<Object> indexes;
    private final DatagramResponder bob;

    final DatagramInitiator alice;
    final DropCounts dropsAtBob = new DropCounts();
    private final DropCounts dropsAtAlice = new DropCounts();

    private @Nullable Side aliceSession;
    private @Nullable Side bobSession;
    private int proofs;
    int retries;
    int sentHash;
    private long now;

    private record Flight(long arrivesAt, boolean toBob, byte[] datagram) {}

    private static final class Side {
        private final PacketSealer sealer;
        private final PacketOpener opener;
        private final byte[] hash;
        private long number;
        private long nextAt;
        private boolean heard;

        Side(Established keys, int peerIndex, DropCounts drops, long now) {
            sealer = new PacketSealer(keys.sending(), peerIndex);
            opener = new PacketOpener(keys.receiving(), drops);
            hash = keys.handshakeHash();
            nextAt = now;
        }

        byte[] packet() {
            byte[] packet = new byte[1 + PacketSealer.OVERHEAD];
            sealer.seal(number++, new byte[] {3}, 0, 1, packet);
            return packet;
        }

        void receive(byte[] datagram) {
            heard |= opener.open(datagram, datagram.length, new byte[2_000]) > 0;
        }
    }

    LossyHandshake(long seed, double mostLoss) {
        this.seed = seed;
        random = new Random(seed);
        loss = mostLoss >= 1 ? 1 : mostLoss * random.nextDouble();
        corruption = mostLoss == 0 ? 0 : 0.1 * random.nextDouble();
        longestDelay = 1 + (long) (random.nextDouble() * SECOND / 3);
        CipherSuite suite = random.nextBoolean() ? CipherSuite.AESGCM : CipherSuite.CHACHAPOLY;
        ResponderLimits limits = new ResponderLimits(64, random.nextBoolean() ? 0 : 8, 64, 500, LIMIT);
        indexes = new ReceiverIndexes<>(seeded(random.nextLong()), 64);
        alice = new DatagramInitiator(
                HandshakePair.alice().withSuite(suite), INDEX, seeded(random.nextLong()), dropsAtAlice, 0);
        bob = new DatagramResponder(HandshakePair.bob(), limits, indexes, seeded(random.nextLong()), dropsAtBob);
    }

    LossyHandshake run() {
        while (now < 4 * LIMIT && !isOver()) {
            if (now >= LIMIT) {
                alice.abort(ErrorCode.HANDSHAKE_TIMEOUT);
            }
            for (byte[] out = alice.poll(now); out != null; out = alice.poll(now)) {
                send(true, out);
            }
            speak(aliceSession, true);
            speak(bobSession, false);
            now = Math.min(
                    now + SECOND / 50,
                    underway.isEmpty() ? Long.MAX_VALUE : underway.peek().arrivesAt());
            while (!underway.isEmpty() && underway.peek().arrivesAt() <= now) {
                Flight flight = underway.remove();
                if (flight.toBob()) {
                    atBob(flight.datagram());
                } else {
                    atAlice(flight.datagram());
                }
            }
        }
        return this;
    }

    boolean agreed() {
        return alice.confirmed() && bobSession != null && bobSession.heard;
    }

    /** What must hold at the end, whatever the network did. */
    void check() {
        assertThat(alice.confirmed() || alice.failure() != null).as("%s", this).isTrue();
        if (alice.confirmed()) {
            assertThat(bobSession).as("%s", this).isNotNull();
        }
        if (aliceSession != null && bobSession != null) {
            assertThat(aliceSession.hash).as("%s", this).isEqualTo(bobSession.hash);
        }
        if (alice.failure() != null) {
            // A corrupted INIT can ask for a version that there is not, and be told so.
            assertThat(alice.failure().error()).as("%s", this).isNotEqualTo(ErrorCode.NONE);
        }
        assertThat(proofs).as("%s", this).isLessThanOrEqualTo(1);
        bob.expire(now + LIMIT);
        assertThat(bob.halfOpen()).as("%s", this).isZero();
        assertThat(indexes.size()).as("%s", this).isEqualTo(proofs);
    }

    private boolean isOver() {
        return agreed() || alice.failure() != null;
    }

    private void speak(@Nullable Side side, boolean toBob) {
        if (side != null && now >= side.nextAt) {
            side.nextAt = now + PACKET_EVERY;
            send(toBob, side.packet());
        }
    }

    private void send(boolean toBob, byte[] datagram) {
        sentHash = 31 * sentHash + Arrays.hashCode(datagram);
        int copies = random.nextInt(5) == 0 ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (random.nextDouble() < loss || loss >= 1) {
                continue;
            }
            byte[] arriving = datagram.clone();
            if (random.nextDouble() < corruption) {
                arriving[random.nextInt(arriving.length)] ^= (byte) (1 + random.nextInt(255));
            }
            underway.add(new Flight(now + 1 + (long) (random.nextDouble() * longestDelay), toBob, arriving));
        }
    }

    private void atBob(byte[] datagram) {
        DatagramType type = DatagramType.of(datagram[0]);
        if (type == DatagramType.INIT) {
            byte[] answer = bob.onInit(datagram, datagram.length, AT_ALICE, now);
            if (answer != null) {
                send(false, answer);
            }
        } else if (type == DatagramType.FINISH) {
            if (bob.onFinish(datagram, datagram.length, AT_ALICE, now) instanceof Arrival.Proved proved) {
                proofs++;
                bobSession = new Side(proved.established(), proved.peerIndex(), dropsAtBob, now);
                indexes.pass(proved.ownIndex(), bobSession);
            }
        } else if (type == DatagramType.PACKET
                && indexes.owner(PacketHeader.receiverIndex(datagram)) instanceof Side to) {
            to.receive(datagram);
        }
    }

    private void atAlice(byte[] datagram) {
        DatagramType type = DatagramType.of(datagram[0]);
        if (type == DatagramType.PACKET && aliceSession != null) {
            aliceSession.receive(datagram);
            if (aliceSession.heard) {
                alice.onAuthenticated();
            }
        } else if (type != null && type != DatagramType.PACKET) {
            retries += type == DatagramType.RETRY ? 1 : 0;
            alice.receive(datagram, datagram.length, now);
            Established keys = alice.established();
            if (keys != null && aliceSession == null) {
                aliceSession = new Side(keys, alice.peerIndex(), dropsAtAlice, now);
            }
        }
    }

    @Override
    public String toString() {
        return "seed " + seed + ", loss " + loss + ", corruption " + corruption + ", delay " + longestDelay + ": "
                + alice;
    }
}
