package io.weir.core.reliability;

import io.weir.core.error.ErrorCode;
import io.weir.core.path.PacketRttEstimator;
import io.weir.core.reliability.SentPackets.State;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a flow of numbered packets: gives each its number, hears what the peer acknowledges, and says of each
 * packet what has become of it (RFC 9002). The caller sends, and asks {@link #deadlineNanos} when to call {@link #onDeadline}.
 *
 * <p><b>Bound.</b> Numbers from the oldest to the newest packet that something may yet be heard of: at most the capacity. For
 * one more, the oldest is taken to be lost, or forgotten if it was. So no number of losses in a row stops the flow; whoever
 * sends looks at {@link #waiting} and sends nothing new while that is too much.
 *
 * <p><b>Bad input.</b> Who acknowledges what was never sent breaks the protocol, and that is returned. Ranges cost only what
 * is in them of packets that something may yet be heard of, however large they are.
 *
 * @param <P> the packets
 */
public final class LossRecovery<P> {

    /**
     * Who hears what has become of packets, and sends again. For each FEEDBACK the order is that of the methods here. Called from
     * within this machine, which must not be called back.
     */
    public interface Listener<P> {

        /**
         * A packet was acknowledged so long after it was sent: a sample for the {@link PacketRttEstimator}, which this machine
         * only reads (RFC 9002 section 5.1).
         *
         * @param number of the packet, by which one that was sent on another path is told
         * @param ackDelayNanos how long the peer says that it has kept the acknowledgement back; whatever it says
         */
        void onRoundTrip(long number, long rttNanos, long ackDelayNanos);

        /**
         * The packet has arrived. Told once.
         *
         * @param bytes what it counts for in {@link #bytesInFlight}: 0 if it elicits no feedback
         * @param wasLost whether it was taken to be lost before
         */
        void onAcknowledged(long number, P packet, int bytes, boolean wasLost);

        /** All packets that were taken to be lost since the last time that none was in doubt have arrived; this is one. */
        default void onSpuriousLoss(long number) {}

        /** The packet is taken to be lost. Told once at most; it may still arrive. One that elicits no feedback is not told of. */
        default void onLost(long number, P packet, int bytes) {}

        /** Nothing was acknowledged for too long: what has waited longest is due next, whatever else may be sent. */
        default void onProbeTimeout() {}

        /**
         * What the packet carried is due again, in a packet with a number of its own: it is lost, or was waited for too long, in
         * which case a loss is no news any more. Told once at most; it may still arrive.
         */
        void onDue(P packet);

        /** All was lost for so long that the path is a new one, by its last packets just told of (RFC 9002 section 7.6). */
        default void onPersistentLoss() {}
    }

    /** A packet that is lost is remembered for so many probe time-outs, in which it may prove not to be. */
    private static final int REMEMBERED_PERIODS = 3;

    private static final long NONE = -1;
    private static final long MICRO = 1_000;

    private final SentPackets<P> sent;
    private final PacketRttEstimator rtt;
    private final long maxAckDelayNanos;
    private final Listener<? super P> listener;
    private final ProbeTimeout probes;
    private final PersistentCongestion outage = new PersistentCongestion();
    private final SpuriousLoss doubt = new SpuriousLoss();
    private final RunningClock clock = new RunningClock();

    private long largestAcknowledged = NONE;
    /** Below it nothing is under way. */
    private long oldest;

    private boolean lossTimeSet;
    private long lossTimeNanos;
    private boolean sampled;
    private long firstSampleNanos;

    // Of the FEEDBACK that is being read.
    private boolean elicitingAcknowledged;
    private long spurious = NONE;

    /** One that waits up to {@link ProbeTimeout#MOST_NANOS} between probes. */
    public LossRecovery(int capacity, PacketRttEstimator rtt, long maxAckDelayNanos, Listener<? super P> listener) {
        this(capacity, rtt, maxAckDelayNanos, ProbeTimeout.MOST_NANOS, listener);
    }

    /**
     * @param capacity numbers tracked at most, a power of two from 64 to 2^20
     * @param maxAckDelayNanos how long the peer keeps an acknowledgement back at most
     * @param maxProbeWaitNanos how long to wait between probes at most; 1 to {@link ProbeTimeout#MOST_NANOS}
     */
    public LossRecovery(
            int capacity,
            PacketRttEstimator rtt,
            long maxAckDelayNanos,
            long maxProbeWaitNanos,
            Listener<? super P> listener) {
        if (maxAckDelayNanos < 0) {
            throw new IllegalArgumentException("maxAckDelayNanos is " + maxAckDelayNanos + ", must be 0 or more");
        }
        this.probes = new ProbeTimeout(maxProbeWaitNanos);
        this.sent = new SentPackets<>(capacity);
        this.rtt = Objects.requireNonNull(rtt, "rtt");
        this.maxAckDelayNanos = maxAckDelayNanos;
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    // ---- commands

    /**
     * A packet goes out.
     *
     * @param bytes what it counts for in {@link #bytesInFlight}
     * @param eliciting whether the peer is to acknowledge it: false for one that carries acknowledgements only
     * @return its number: 0 first, and each number once
     */
    public long onSent(P packet, int bytes, boolean eliciting, long nowNanos) {
        long time = timeAt(nowNanos);
        makeRoom();
        if (eliciting) {
            probes.onSent(sent.waiting() == 0, time);
        }
        return sent.add(packet, bytes, eliciting, time);
    }

    /** Leaves a number out, so that a peer which acknowledges what it has not seen is found out; returns it. */
    public long skipNumber(long nowNanos) {
        long time = timeAt(nowNanos);
        makeRoom();
        return sent.skip(time);
    }

    // ---- the world

    /**
     * The peer says what has arrived.
     *
     * @return null, or PROTOCOL_VIOLATION if it acknowledges what was never sent; then nothing that follows means anything
     */
    public @Nullable ErrorCode onFeedback(Feedback feedback, long nowNanos) {
        long largest = feedback.largest();
        if (largest >= sent.next()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        long time = timeAt(nowNanos);
        List<PacketRange> ranges = feedback.ranges();
        if (largest > largestAcknowledged && largest >= sent.first() && anyEliciting(ranges)) {
            // RFC 9002 section 5.1: a sample needs the largest to be new, and one of the new to elicit acknowledgement.
            sample(largest, feedback.delayMicros(), time);
        }
        elicitingAcknowledged = false;
        spurious = NONE;
        for (int i = ranges.size() - 1; i >= 0; i--) {
            if (!acknowledge(ranges.get(i))) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
        }
        if (spurious != NONE) {
            listener.onSpuriousLoss(spurious);
        }
        largestAcknowledged = Math.max(largestAcknowledged, largest);
        if (elicitingAcknowledged) {
            probes.onAcknowledged(time);
        }
        detectLosses(time);
        forget(time);
        return null;
    }

    /** {@link #deadlineNanos} has come. Called too early it does nothing. */
    public void onDeadline(long nowNanos) {
        long time = timeAt(nowNanos);
        if (lossTimeSet) {
            if (time - lossTimeNanos >= 0) {
                detectLosses(time);
            }
        } else if (hasDeadline() && time - nextDeadline() >= 0) {
            probes.onExpired(time);
            listener.onProbeTimeout();
            probe();
        }
        forget(time);
    }

    // ---- queries

    /** Whether there is a time to wait for. */
    public boolean hasDeadline() {
        return lossTimeSet || sent.waiting() > 0;
    }

    /** When to call {@link #onDeadline}, if {@link #hasDeadline}; it moves with each call of the others. */
    public long deadlineNanos() {
        return clock.clockNanos(nextDeadline());
    }

    /** Packets that elicit feedback and are neither acknowledged, nor lost, nor replaced. */
    public int waiting() {
        return sent.waiting();
    }

    /** Bytes of the packets that elicit feedback and are neither acknowledged nor lost. */
    public long bytesInFlight() {
        return sent.bytesInFlight();
    }

    /** The number that the next packet gets. */
    public long nextNumber() {
        return sent.next();
    }

    /** The largest number that the peer has acknowledged; -1 if none. */
    public long largestAcknowledged() {
        return largestAcknowledged;
    }

    // ---- within

    /** The time by which packets are judged: all times here are such. */
    private long timeAt(long nowNanos) {
        if (hasDeadline()) {
            clock.stopAt(nextDeadline(), nowNanos);
        }
        return clock.timeNanos(nowNanos);
    }

    private long nextDeadline() {
        return lossTimeSet ? lossTimeNanos : probes.deadlineNanos(probePeriodNanos());
    }

    /** Whether one that is acknowledged now elicits acknowledgement. */
    private boolean anyEliciting(List<PacketRange> ranges) {
        for (PacketRange range : ranges) {
            long end = range.last() + 1;
            long number = sent.nextOpen(Math.max(range.first(), sent.first()), end);
            while (number < end) {
                State state = sent.state(number);
                if (state == State.WAITING || state == State.REPLACED) {
                    return true;
                }
                number = sent.nextOpen(number + 1, end);
            }
        }
        return false;
    }

    /** False if one of the range was never sent. */
    private boolean acknowledge(PacketRange range) {
        long end = range.last() + 1;
        long number = sent.nextOpen(Math.max(range.first(), sent.first()), end);
        while (number < end) {
            State state = sent.state(number);
            if (state == State.SKIPPED) {
                return false;
            }
            P packet = sent.packet(number);
            int bytes = sent.bytes(number);
            if (state == State.LOST) {
                spurious = doubt.onArrived() ? number : spurious;
            } else {
                elicitingAcknowledged |= state != State.QUIET;
            }
            sent.settle(number);
            listener.onAcknowledged(number, packet, bytes, state == State.LOST);
            number = sent.nextOpen(number + 1, end);
        }
        return true;
    }

    private void sample(long number, long delayMicros, long nowNanos) {
        if (!sampled || !rtt.sampled()) {
            sampled = true;
            firstSampleNanos = nowNanos;
        }
        // Cut before it is multiplied: the peer may say anything.
        long delayNanos = Math.min(delayMicros, maxAckDelayNanos / MICRO + 1) * MICRO;
        listener.onRoundTrip(number, nowNanos - sent.sentNanos(number), delayNanos);
    }

    /** Finds what is lost of what was sent before the largest acknowledged one, and when to look again. */
    private void detectLosses(long nowNanos) {
        lossTimeSet = false;
        outage.reset();
        long threshold = LossDetector.timeThresholdNanos(rtt.latestNanos(), rtt.smoothedNanos());
        long end = Math.max(largestAcknowledged, sent.first());
        long number = sent.nextOpen(Math.max(oldest, sent.first()), end);
        oldest = end;
        while (number < end) {
            State state = sent.state(number);
            if (state == State.SKIPPED) {
                outage.onSilent(number);
            } else if (state != State.LOST) {
                judge(number, nowNanos, threshold);
            }
            number = sent.nextOpen(number + 1, end);
        }
        if (outage.longestNanos() > PersistentCongestion.durationNanos(probePeriodNanos())) {
            listener.onPersistentLoss();
        }
    }

    private void judge(long number, long nowNanos, long threshold) {
        long sentNanos = sent.sentNanos(number);
        if (LossDetector.isLost(number, largestAcknowledged, nowNanos - sentNanos, threshold)) {
            lose(number);
            return;
        }
        oldest = Math.min(oldest, number);
        if (sent.state(number) == State.QUIET) {
            return; // nobody waits for it
        }
        long dueNanos = sentNanos + threshold;
        if (!lossTimeSet || dueNanos - lossTimeNanos < 0) {
            lossTimeSet = true;
            lossTimeNanos = dueNanos;
        }
    }

    private void lose(long number) {
        State state = sent.state(number);
        if (state == State.QUIET) {
            outage.onSilent(number);
            sent.lost(number);
            return;
        }
        // RFC 9002 section 7.6.2: nothing that was sent before the first sample counts.
        if (sampled && rtt.sampled() && sent.sentNanos(number) - firstSampleNanos > 0) {
            outage.onLost(number, sent.sentNanos(number));
        }
        doubt.onLost();
        sent.lost(number);
        listener.onLost(number, sent.packet(number), sent.bytes(number));
        if (state == State.WAITING) {
            listener.onDue(sent.packet(number));
        }
    }

    /** What has waited longest is due again, in packets that the peer has to acknowledge. */
    private void probe() {
        long number = Math.max(oldest, sent.first());
        for (int left = Math.min(ProbeTimeout.PROBES, sent.waiting()); left > 0; number++) {
            number = sent.nextOpen(number, sent.next());
            if (sent.state(number) == State.WAITING) {
                sent.replaced(number);
                listener.onDue(sent.packet(number));
                left--;
            }
        }
    }

    /** Lets go of what is lost for good at the front. */
    private void forget(long nowNanos) {
        long remembered = REMEMBERED_PERIODS * probePeriodNanos();
        while (sent.first() < oldest && nowNanos - sent.sentNanos(sent.first()) > remembered) {
            forgetFirst();
        }
    }

    private void makeRoom() {
        while (sent.isFull()) {
            State state = sent.state(sent.first());
            if (state == State.WAITING || state == State.REPLACED) {
                lose(sent.first());
            }
            forgetFirst();
        }
    }

    private void forgetFirst() {
        long number = sent.first();
        if (sent.state(number) == State.LOST) {
            doubt.onForgotten();
        }
        sent.settle(number);
    }

    private long probePeriodNanos() {
        return ProbeTimeout.periodNanos(rtt.smoothedNanos(), rtt.variationNanos(), maxAckDelayNanos);
    }
}
