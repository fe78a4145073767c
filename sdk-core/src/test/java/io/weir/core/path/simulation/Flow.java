package io.weir.core.path.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.path.EcnValidation;
import io.weir.core.path.PacketRttEstimator;
import io.weir.core.path.Path;
import io.weir.core.path.PathSettings;
import io.weir.core.path.PathStats;
import io.weir.core.path.SkippedNumbers;
import io.weir.core.reliability.FeedbackSchedule;
import io.weir.core.reliability.LossRecovery;
import io.weir.core.wire.LinkFrame.Feedback;
import java.util.Random;

/** A sender with a {@link Path} and loss recovery, through a bottleneck to a receiver. */
final class Flow implements LossRecovery.Listener<Packet> {

    private static final int TRACKED = 1 << 17;

    private final Clock clock;
    private final Bottleneck bottleneck;
    private final Application application;
    private final Curve curve;
    private final Receiver receiver;
    private final PacketRttEstimator rtt = new PacketRttEstimator(FeedbackSchedule.MAX_DELAY_NANOS);
    private final LossRecovery<Packet> recovery =
            new LossRecovery<>(TRACKED, rtt, FeedbackSchedule.MAX_DELAY_NANOS, this);
    private final SkippedNumbers skipped = new SkippedNumbers(new Random(1)::nextBytes);
    private final Path path;
    private final EcnValidation ecn = new EcnValidation();
    private long sendTimer;
    private long lossTimer;
    private boolean probing;

    Flow(Clock clock, Bottleneck bottleneck, long returnNanos, Application application, PathSettings settings) {
        this.clock = clock;
        this.bottleneck = bottleneck;
        this.application = application;
        path = new Path(settings, rtt, 0, clock.nowNanos());
        receiver = new Receiver(clock, returnNanos, this::onFeedback);
        curve = new Curve(path.stats(0));
    }

    /** Begins to send. */
    void start() {
        send();
    }

    PathStats stats() {
        return path.stats(0);
    }

    Curve curve() {
        return curve;
    }

    /** Bytes that have arrived. */
    long delivered() {
        return receiver.bytes();
    }

    // ---- what becomes of packets

    private void onFeedback(Feedback feedback) {
        assertThat(recovery.onFeedback(feedback, clock.nowNanos())).isNull();
        if (ecn.onFeedback(feedback.largest(), feedback.ect0(), feedback.ect1(), feedback.ce())) {
            path.onMarked();
        }
        path.onFeedbackEnd(clock.nowNanos());
        assertThat(path.stats(0).bytesInFlight()).isEqualTo(recovery.bytesInFlight());
        curve.onFeedback(clock.nowNanos(), recovery.largestAcknowledged(), recovery.nextNumber() - 1, path.stats(0));
        send();
    }

    private void onDeadline() {
        probing = false;
        recovery.onDeadline(clock.nowNanos());
        path.onFeedbackEnd(clock.nowNanos());
        if (probing) {
            // Whatever window and pacer say (RFC 9002 section 7.5).
            send(Path.LOSS_PROBE_BYTES);
            send(Path.LOSS_PROBE_BYTES);
        }
        send();
    }

    @Override
    public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
        path.onRoundTrip(number, rttNanos, ackDelayNanos);
    }

    @Override
    public void onAcknowledged(long number, Packet packet, int bytes, boolean wasLost) {
        path.onAcked(number, bytes, wasLost, clock.nowNanos());
        if (packet.ect) {
            ecn.onAcked(number);
        }
    }

    @Override
    public void onProbeTimeout() {
        probing = true;
    }

    @Override
    public void onSpuriousLoss(long number) {
        path.onSpuriousLoss(number);
    }

    @Override
    public void onLost(long number, Packet packet, int bytes) {
        path.onLost(number, bytes);
        ecn.onLost(number); // all are marked while that is tried
    }

    @Override
    public void onDue(Packet packet) {} // there is always something else to send

    @Override
    public void onPersistentLoss() {
        path.onPersistentLoss();
    }

    // ---- sending

    private void send() {
        long now = clock.nowNanos();
        int probe = path.mtuProbeDue(now);
        if (probe != 0) {
            path.onMtuProbeSent(number(), probe, now);
            transmit(probe);
        }
        long wakeNanos;
        do {
            wakeNanos = sendBatch(now);
        } while (wakeNanos <= now);
        wakeAt(wakeNanos);
        armLossTimer();
    }

    /** Returns when there may be more to send: not later than now if at once. */
    private long sendBatch(long now) {
        int datagram = path.datagramBytes();
        long available = application.available(now);
        if (available < datagram) {
            return application.nextNanos(now, datagram);
        }
        int allowed = path.sendableBytes(now);
        if (allowed == 0) {
            return path.readyNanos(now);
        }
        for (int left = (int) Math.min(allowed, available); left >= datagram; left -= datagram) {
            send(datagram);
            application.take(datagram);
        }
        return now;
    }

    private void send(int bytes) {
        path.onSent(number(), bytes, clock.nowNanos());
        transmit(bytes);
    }

    private long number() {
        if (skipped.skips(recovery.nextNumber())) {
            recovery.skipNumber(clock.nowNanos());
        }
        return recovery.nextNumber();
    }

    private void transmit(int bytes) {
        Packet packet = new Packet(recovery.nextNumber(), bytes, ecn.mark());
        recovery.onSent(packet, bytes, true, clock.nowNanos());
        long arrival = bottleneck.arrival(packet, clock.nowNanos());
        if (arrival != Bottleneck.DROPPED) {
            clock.at(arrival, () -> receiver.onPacket(packet));
        }
    }

    private void wakeAt(long nanos) {
        long armed = ++sendTimer;
        if (nanos != Long.MAX_VALUE) {
            clock.timer(nanos, () -> {
                if (armed == sendTimer) {
                    send();
                }
            });
        }
    }

    private void armLossTimer() {
        long armed = ++lossTimer;
        if (recovery.hasDeadline()) {
            clock.timer(recovery.deadlineNanos(), () -> {
                if (armed == lossTimer) {
                    onDeadline();
                }
            });
        }
    }
}
