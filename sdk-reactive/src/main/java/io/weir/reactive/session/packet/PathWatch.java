package io.weir.reactive.session.packet;

import io.weir.core.error.ErrorCode;
import io.weir.core.path.EcnValidation;
import io.weir.core.path.PacketRttEstimator;
import io.weir.core.path.Path;
import io.weir.core.path.PathMove;
import io.weir.core.path.PathStats;
import io.weir.core.path.SkippedNumbers;
import io.weir.core.reliability.FeedbackSchedule;
import io.weir.core.reliability.ProbeTimeout;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.reactive.operator.PacketRenewal;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What the sender of packets asks and tells: a lost packet makes its frames due and is not sent again itself, and the path learns
 * from the fate of each. Loop-confined.
 */
final class PathWatch implements PacketRenewal<Packet> {

    /** Who acts on what is found out. Called from within the sender: must not send. */
    interface Owner {
        /** Two packets are owed, whatever window and pacer say. */
        void onProbesOwed();

        /**
         * What has become of some packets was told to those who wrote their frames. There may be room, or another size of packets,
         * than before.
         */
        void onJudged();

        /** The peer is known to have END. */
        void onEndArrived();

        /** A packet with END is lost: the next one has it again. */
        void onEndLost();

        /** The peer has acknowledged what was never sent. */
        void onLie(ErrorCode error);
    }

    /** Of a window that has been used to the full; the rest is garbage. */
    private static final int MOST_KEPT = 1_024;

    private final PacketRttEstimator rtt = new PacketRttEstimator(FeedbackSchedule.MAX_DELAY_NANOS);
    private final EcnValidation ecn = new EcnValidation();
    private final ArrayDeque<Packet> free = new ArrayDeque<>();
    private final SkippedNumbers skipped;
    private final Owner owner;
    private Path path;
    private long assumedNanos;
    private long nextNumber;
    private long renewed;
    private boolean lied;
    private long underWay; // packets that the peer has to acknowledge

    /** When the peer last acknowledged one, or the first of those under way was sent, if that was later. */
    private long takenNanos;

    /** @param roundTripNanos what the handshake took; 0 if that is not known */
    PathWatch(PacketSettings settings, long roundTripNanos, long nowNanos, Owner owner) {
        this.owner = owner;
        skipped = new SkippedNumbers(settings.random());
        assumedNanos = roundTripNanos;
        if (roundTripNanos > 0) {
            rtt.assume(roundTripNanos);
        }
        path = new Path(settings.path().withMaxDatagramBytes(Path.LOSS_PROBE_BYTES), rtt, 0, nowNanos);
    }

    Path path() {
        return path;
    }

    /** How long to wait for an acknowledgement at the least. */
    long probeTimeoutNanos() {
        return ProbeTimeout.periodNanos(rtt.smoothedNanos(), rtt.variationNanos(), FeedbackSchedule.MAX_DELAY_NANOS);
    }

    /** The round trip as far as it is known, from the handshake at first; 0 if it is not. */
    long roundTripNanos() {
        return rtt.sampled() ? rtt.smoothedNanos() : assumedNanos;
    }

    PathStats stats() {
        return path.stats(renewed);
    }

    /** The peer was proved to have moved. */
    void onMoved(PathMove move, long nowNanos) {
        path = path.after(move, nextNumber, nowNanos);
        if (move == PathMove.NEW_IP) {
            assumedNanos = 0;
            ecn.onNewPath(nextNumber);
        }
    }

    /** As {@link io.weir.reactive.transport.Carrier#stalledNanos}: while something is under way, and nothing of it is acknowledged. */
    long stalledNanos(long nowNanos) {
        return underWay == 0 ? 0 : nowNanos - takenNanos;
    }

    // ---- the pool

    /** An empty packet. */
    Packet take() {
        Packet packet = free.pollLast();
        return packet == null ? new Packet() : packet;
    }

    /** Nobody knows it any more. */
    void giveBack(Packet packet) {
        packet.clear();
        if (free.size() < MOST_KEPT) {
            free.addLast(packet);
        }
    }

    void trim() {
        free.clear();
    }

    // ---- what the sender asks

    @Override
    public PacketRttEstimator roundTrip() {
        return rtt;
    }

    @Override
    public int bytes(Packet packet) {
        return packet.bytes();
    }

    @Override
    public boolean elicitsFeedback(Packet packet) {
        return packet.kind() != Packet.Kind.QUIET;
    }

    @Override
    public boolean skips(long number) {
        return skipped.skips(number);
    }

    /** The packet itself is not sent again: its frames are, with what is true of them by then. */
    @Override
    public @Nullable Packet renew(Packet lost) {
        if (lost.ledger().size() > 0) {
            renewed++;
        }
        if (lost.hasEnd()) {
            owner.onEndLost();
        }
        lost.ledger().onLost();
        return null;
    }

    // ---- what it tells

    @Override
    public void onSent(long number, Packet packet, long nowNanos) {
        nextNumber = number + 1;
        switch (packet.kind()) {
            case QUIET -> {
                return;
            }
            case FRAMES -> path.onSent(number, packet.bytes(), nowNanos);
            case MTU_PROBE -> path.onMtuProbeSent(number, packet.bytes(), nowNanos);
        }
        packet.mark(ecn.mark());
        if (underWay++ == 0) {
            takenNanos = nowNanos;
        }
    }

    @Override
    public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
        path.onRoundTrip(number, rttNanos, ackDelayNanos);
    }

    @Override
    public void onAcknowledged(long number, Packet packet, int bytes, boolean wasLost, long nowNanos) {
        if (packet.kind() == Packet.Kind.QUIET) {
            return;
        }
        path.onAcked(number, bytes, wasLost, nowNanos);
        underWay -= wasLost ? 0 : 1;
        takenNanos = nowNanos;
        if (packet.isMarked()) {
            ecn.onAcked(number);
        }
        packet.ledger().onAcked();
        if (packet.hasEnd()) {
            owner.onEndArrived();
        }
        giveBack(packet);
    }

    @Override
    public void onSpuriousLoss(long number) {
        path.onSpuriousLoss(number);
    }

    @Override
    public void onLost(long number, Packet packet, int bytes) {
        path.onLost(number, bytes);
        underWay--;
        if (packet.isMarked()) {
            ecn.onLost(number);
        }
    }

    @Override
    public void onPersistentLoss() {
        path.onPersistentLoss();
    }

    @Override
    public void onProbeTimeout() {
        owner.onProbesOwed();
    }

    @Override
    public void onJudged(@Nullable Feedback feedback, long nowNanos) {
        if (feedback != null && ecn.onFeedback(feedback.largest(), feedback.ect0(), feedback.ect1(), feedback.ce())) {
            path.onMarked();
        }
        path.onFeedbackEnd(nowNanos);
        owner.onJudged();
    }

    /** Told once; what it says afterwards means nothing. */
    @Override
    public boolean onImpossible(ErrorCode error) {
        if (!lied) {
            lied = true;
            owner.onLie(error);
        }
        return true;
    }
}
