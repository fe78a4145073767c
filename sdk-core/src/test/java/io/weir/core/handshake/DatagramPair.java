package io.weir.core.handshake;

import static io.weir.core.handshake.HandshakePair.seeded;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.PacketOpener;
import io.weir.core.datagram.PacketSealer;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A dialling node and one that listens, and the datagrams between them. Times are nanoseconds, from 0 on. */
final class DatagramPair {
    static final long SECOND = 1_000_000_000L;
    static final int ALICE_INDEX = 0xA11CE;
    static final PathAddress AT_ALICE = address(10, 0, 0, 1, 4_001);

    final DropCounts dropsAtAlice = new DropCounts();
    final DropCounts dropsAtBob = new DropCounts();
    final ReceiverIndexes<Object> indexes = new ReceiverIndexes<>(seeded(7), 100_000);
    final DatagramInitiator alice;
    final DatagramResponder bob;

    /** How often Bob has drawn an ephemeral key, or another secret. */
    int draws;

    @Nullable
    Arrival arrival;

    DatagramPair(HandshakeConfig alice, HandshakeConfig bob, ResponderLimits limits) {
        this.alice = new DatagramInitiator(alice, ALICE_INDEX, seeded(5), dropsAtAlice, 0);
        RandomBytes random = seeded(6);
        this.bob = new DatagramResponder(
                bob,
                limits,
                indexes,
                out -> {
                    draws++;
                    random.nextBytes(out);
                },
                dropsAtBob);
    }

    static DatagramPair plain() {
        return new DatagramPair(HandshakePair.alice(), HandshakePair.bob(), ResponderLimits.defaults());
    }

    /** One whose responder wants a cookie of everybody. */
    static DatagramPair wary() {
        return new DatagramPair(
                HandshakePair.alice(), HandshakePair.bob(), new ResponderLimits(1_024, 0, 256, 500, 10 * SECOND));
    }

    static PathAddress address(int a, int b, int c, int d, int port) {
        return new PathAddress(Bytes.copyOf(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}), port);
    }

    /** What Alice sends now. */
    byte[] sentByAlice(long nowNanos) {
        return Objects.requireNonNull(alice.poll(nowNanos), "Alice has nothing to send");
    }

    byte @Nullable [] init(byte[] datagram, long nowNanos) {
        return bob.onInit(datagram, datagram.length, AT_ALICE, nowNanos);
    }

    byte[] answerTo(byte[] init, long nowNanos) {
        return Objects.requireNonNull(init(init, nowNanos), "Bob is silent");
    }

    @Nullable
    Arrival finish(byte[] datagram, long nowNanos) {
        return bob.onFinish(datagram, datagram.length, AT_ALICE, nowNanos);
    }

    void toAlice(byte[] datagram, long nowNanos) {
        alice.receive(datagram, datagram.length, nowNanos);
    }

    /** Everything to and fro until Bob knows who has come. */
    DatagramPair run() {
        return run(sentByAlice(0));
    }

    /** The same, from that INIT on. */
    DatagramPair run(byte[] init) {
        byte[] answer = answerTo(init, 0);
        toAlice(answer, 0);
        if (alice.established() == null) {
            toAlice(answerTo(sentByAlice(0), 0), 0);
        }
        arrival = finish(sentByAlice(0), 0);
        return this;
    }

    Established atAlice() {
        return Objects.requireNonNull(alice.established(), alice::toString);
    }

    Arrival.Proved atBob() {
        if (arrival instanceof Arrival.Proved proved) {
            return proved;
        }
        throw new AssertionError("expected a session, got " + arrival);
    }

    /** Whether a packet that Alice seals opens at Bob, and one of Bob's at Alice. */
    boolean packetsPass(long number) {
        Arrival.Proved proved = atBob();
        return passes(number, proved.ownIndex(), atAlice(), proved.established())
                && alice.peerIndex() == proved.ownIndex()
                && passes(number, proved.peerIndex(), proved.established(), atAlice());
    }

    private boolean passes(long number, int index, Established from, Established to) {
        byte[] frames = {1, 2, 3};
        byte[] packet = new byte[frames.length + PacketSealer.OVERHEAD];
        int length = new PacketSealer(from.sending(), index).seal(number, frames, 0, frames.length, packet);
        byte[] opened = new byte[frames.length];
        return new PacketOpener(to.receiving(), new DropCounts()).open(packet, length, opened) == frames.length
                && Arrays.equals(frames, opened);
    }
}
