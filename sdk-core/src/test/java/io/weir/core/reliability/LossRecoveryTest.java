package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.error.ErrorCode;
import io.weir.core.path.PacketRttEstimator;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.VarInt;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One flow, its packets named by their numbers. The round trip is 100 ms once it was measured. */
class LossRecoveryTest {

    private static final long MILLI = 1_000_000;
    private static final long ACK_DELAY = 25 * MILLI;
    private static final int BYTES = 1_000;
    private static final int CAPACITY = 64;

    private final PacketRttEstimator rtt = new PacketRttEstimator(ACK_DELAY);
    private final List<Long> acknowledged = new ArrayList<>();
    private final List<Long> lost = new ArrayList<>();
    private final List<Long> due = new ArrayList<>();
    private final List<String> signals = new ArrayList<>();
    private final LossRecovery<Long> recovery = recovery(CAPACITY);
    private long now;

    private LossRecovery<Long> recovery(int capacity) {
        return new LossRecovery<>(capacity, rtt, ACK_DELAY, new LossRecovery.Listener<>() {
            @Override
            public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
                rtt.onSample(rttNanos, ackDelayNanos);
            }

            @Override
            public void onAcknowledged(long number, Long packet, int bytes, boolean wasLost) {
                assertThat(number).isEqualTo(packet);
                assertThat(wasLost).isEqualTo(lost.contains(number));
                acknowledged.add(packet);
            }

            @Override
            public void onSpuriousLoss(long number) {
                signals.add("spurious " + number);
            }

            @Override
            public void onLost(long number, Long packet, int bytes) {
                assertThat(bytes).isEqualTo(BYTES);
                lost.add(number);
            }

            @Override
            public void onDue(Long packet) {
                due.add(packet);
            }

            @Override
            public void onProbeTimeout() {
                signals.add("probe behind " + due.size());
            }

            @Override
            public void onPersistentLoss() {
                signals.add("persistent behind " + lost.get(lost.size() - 1));
            }
        });
    }

    private void send(int packets) {
        for (int i = 0; i < packets; i++) {
            long number = recovery.nextNumber();
            assertThat(recovery.onSent(number, BYTES, true, now)).isEqualTo(number);
        }
    }

    private void sendQuiet(int packets) {
        for (int i = 0; i < packets; i++) {
            recovery.onSent(recovery.nextNumber(), 40, false, now);
        }
    }

    private void passMillis(long millis) {
        now += millis * MILLI;
    }

    /** @param numbers first and last of each range, the highest range first */
    private ErrorCode hear(long... numbers) {
        return hearDelayed(0, numbers);
    }

    private ErrorCode hearDelayed(long delayMicros, long... numbers) {
        List<PacketRange> ranges = new ArrayList<>();
        for (int i = 0; i < numbers.length; i += 2) {
            ranges.add(new PacketRange(numbers[i], numbers[i + 1]));
        }
        return recovery.onFeedback(new Feedback(ranges, delayMicros, 0, 0, 0), now);
    }

    /** Sends packet 0 and measures the round trip by it. */
    private void measure() {
        send(1);
        passMillis(100);
        hear(0, 0);
        acknowledged.clear();
    }

    // ---- acknowledgement

    @Test
    void eachPacketIsAcknowledgedOnceAndInOrder() {
        send(6);

        hear(4, 4, 0, 1);
        hear(4, 5, 0, 1);
        hear(4, 5, 0, 1);

        assertThat(acknowledged).containsExactly(0L, 1L, 4L, 5L);
        assertThat(lost).containsExactly(2L); // 3 is within the packet threshold of 5
        assertThat(recovery.largestAcknowledged()).isEqualTo(5);
    }

    @Test
    void bytesAreInFlightAndPacketsWaitUntilTheirFateIsKnown() {
        send(5);
        sendQuiet(1);
        assertThat(recovery.bytesInFlight()).isEqualTo(5 * BYTES);
        assertThat(recovery.waiting()).isEqualTo(5);

        hear(4, 4);

        assertThat(recovery.bytesInFlight()).isEqualTo(2 * BYTES); // 0 and 1 are lost
        assertThat(recovery.waiting()).isEqualTo(2);
        assertThat(lost).containsExactly(0L, 1L);
    }

    /** RFC 9002 section 5.1: only if the largest is newly acknowledged, and anything new elicits acknowledgement. */
    @Test
    void theRoundTripIsMeasuredByTheLargestIfItIsNew() {
        send(2);
        passMillis(100);
        hearDelayed(20_000, 1, 1);
        assertThat(rtt.latestNanos()).isEqualTo(100 * MILLI);

        passMillis(400);
        hear(0, 1);
        assertThat(rtt.latestNanos()).isEqualTo(100 * MILLI);

        sendQuiet(1);
        passMillis(300);
        hear(2, 2);
        assertThat(rtt.latestNanos()).isEqualTo(100 * MILLI);
    }

    /** RFC 9002 section 5.3: the delay that the peer tells is taken off, but no more than it may have. */
    @Test
    void theDelayOfThePeerIsBelievedUpToTheLargest() {
        measure();
        send(1);
        passMillis(200);
        hearDelayed(VarInt.MAX, 1, 1);

        assertThat(rtt.latestNanos()).isEqualTo(200 * MILLI);
        assertThat(rtt.smoothedNanos()).isEqualTo(100 * MILLI + (175 - 100) * MILLI / 8);
    }

    // ---- loss

    /** RFC 9002 section 6.1.1. */
    @Test
    void aPacketThreeBelowTheLargestIsLostAtOnce() {
        measure();
        send(4);
        passMillis(100);

        hear(4, 4);

        assertThat(lost).containsExactly(1L);
        assertThat(due).containsExactly(1L);
    }

    /** RFC 9002 section 6.1.2: 9/8 of 100 ms after it was sent. */
    @Test
    void aPacketBelowTheLargestIsLostWhenItIsLate() {
        measure();
        send(2);
        passMillis(100);
        hear(2, 2);
        assertThat(lost).isEmpty();
        assertThat(recovery.deadlineNanos() - now).isEqualTo(12_500_000);

        now = recovery.deadlineNanos() - 1;
        recovery.onDeadline(now);
        assertThat(lost).isEmpty();
        now++;
        recovery.onDeadline(now);

        assertThat(lost).containsExactly(1L);
        assertThat(recovery.hasDeadline()).isFalse();
    }

    /** RFC 9002 section 6.1: "sent prior to an acknowledged packet". */
    @Test
    void whatWasSentAfterTheLargestIsNotJudged() {
        measure();
        send(5);
        passMillis(1_000);

        hear(1, 1);

        assertThat(lost).isEmpty();
    }

    @Test
    void whatElicitsNothingIsNeitherWaitedForNorReplaced() {
        measure();
        sendQuiet(10);
        assertThat(recovery.hasDeadline()).isFalse();
        send(1);
        passMillis(100);

        hear(11, 11);

        assertThat(lost).isEmpty();
        assertThat(due).isEmpty();
        assertThat(recovery.hasDeadline()).isFalse();
    }

    // ---- time-out

    /** RFC 9002 section 6.2.1: 100 ms + 4 * 50 ms + 25 ms behind the last packet; then twice that. */
    @Test
    void silenceAfterTheLastPacketBringsProbesFurtherAndFurtherApart() {
        measure();
        send(3);
        long period = 325 * MILLI;
        assertThat(recovery.deadlineNanos()).isEqualTo(now + period);

        now = recovery.deadlineNanos();
        recovery.onDeadline(now);

        assertThat(due).containsExactly(1L, 2L);
        assertThat(lost).isEmpty(); // RFC 9002 section 6.2: a time-out "does not indicate packet loss"
        assertThat(recovery.bytesInFlight()).isEqualTo(3 * BYTES);
        assertThat(recovery.deadlineNanos()).isEqualTo(now + 2 * period);
        assertThat(signals).hasSize(1);
    }

    /** RFC 9002 section 6.2.1: the timer starts anew with each packet sent and each one acknowledged. */
    @Test
    void theTimeoutStartsAnewWithEachPacketAndEachAcknowledgement() {
        measure();
        send(2);
        passMillis(50);
        send(1);
        assertThat(recovery.deadlineNanos()).isEqualTo(now + 325 * MILLI);

        passMillis(50);
        sendQuiet(1);
        hear(1, 1);

        assertThat(recovery.deadlineNanos() - now)
                .isEqualTo(ProbeTimeout.periodNanos(rtt.smoothedNanos(), rtt.variationNanos(), ACK_DELAY));
    }

    /** Beats that are lost each time, and come before the next probe, must not keep what waits from being sent again. */
    @Test
    void whatIsSentAfterATimeoutDoesNotPutTheNextOff() {
        measure();
        send(3);
        now = recovery.deadlineNanos();
        recovery.onDeadline(now);
        long next = now + 2 * 325 * MILLI;
        for (int i = 0; i < 6; i++) {
            send(1);
            assertThat(recovery.deadlineNanos()).isEqualTo(next);
            passMillis(100);
        }

        now = next;
        recovery.onDeadline(now);

        assertThat(due).startsWith(1L, 2L, 3L).hasSize(4);
        assertThat(signals).hasSize(2);
    }

    @Test
    void aPacketThatWasProbedIsNotDueAgainWhenItIsLost() {
        measure();
        send(2);
        now = recovery.deadlineNanos();
        recovery.onDeadline(now);
        assertThat(due).containsExactly(1L, 2L);
        send(4);
        passMillis(100);

        hear(6, 6);

        assertThat(lost).containsExactly(1L, 2L, 3L);
        assertThat(due).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aPacketThatWasProbedMayArrive() {
        measure();
        send(2);
        now = recovery.deadlineNanos();
        recovery.onDeadline(now);

        hear(1, 2);

        assertThat(acknowledged).containsExactly(1L, 2L);
        assertThat(recovery.bytesInFlight()).isZero();
        assertThat(recovery.hasDeadline()).isFalse();
    }

    /** A probe that nothing went out for is not waited for: who sends may have nothing to send. */
    @Test
    void onlyWhatNothingHasReplacedIsWaitedFor() {
        measure();
        send(2);
        now = recovery.deadlineNanos();

        recovery.onDeadline(now);

        assertThat(recovery.waiting()).isZero();
        assertThat(recovery.hasDeadline()).isFalse();
    }

    @Test
    void aDeadlineThatIsHeardTooEarlyChangesNothing() {
        measure();
        send(1);
        long deadline = recovery.deadlineNanos();

        recovery.onDeadline(deadline - 1);

        assertThat(due).isEmpty();
        assertThat(recovery.deadlineNanos()).isEqualTo(deadline);
    }

    // ---- doubt

    @Test
    void aPacketThatArrivesAfterItWasTakenToBeLostIsAcknowledgedAndTheLossWasSpurious() {
        measure();
        send(5);
        passMillis(100);
        hear(5, 5);
        assertThat(lost).containsExactly(1L, 2L);

        hear(5, 5, 1, 1);
        assertThat(signals).isEmpty();
        hear(5, 5, 1, 2);

        assertThat(signals).containsExactly("spurious 2");
        assertThat(acknowledged).containsExactly(5L, 1L, 2L);
        assertThat(recovery.bytesInFlight()).isEqualTo(2 * BYTES);
        hear(5, 5, 1, 2);
        assertThat(signals).hasSize(1);
    }

    @Test
    void aLostPacketIsForgottenAfterThreeTimeouts() {
        measure();
        send(4);
        passMillis(100);
        hear(2, 4);
        passMillis(2_000);
        send(1);
        passMillis(100);
        hear(5, 5);
        acknowledged.clear();

        hear(1, 5);

        assertThat(acknowledged).isEmpty();
        assertThat(signals).isEmpty();
    }

    /** The order that the machines of a path ask for. */
    @Test
    void whatAFeedbackSaysIsToldInOneOrder() {
        List<String> calls = new ArrayList<>();
        LossRecovery<Long> other = new LossRecovery<>(CAPACITY, rtt, ACK_DELAY, new LossRecovery.Listener<>() {
            @Override
            public void onAcknowledged(long number, Long packet, int bytes, boolean wasLost) {
                calls.add("acknowledged " + number + (wasLost ? " late" : ""));
            }

            @Override
            public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
                calls.add("round trip of " + number);
            }

            @Override
            public void onSpuriousLoss(long number) {
                calls.add("spurious " + number);
            }

            @Override
            public void onLost(long number, Long packet, int bytes) {
                calls.add("lost " + number);
            }

            @Override
            public void onDue(Long packet) {
                calls.add("due " + packet);
            }
        });
        for (long number = 0; number < 9; number++) {
            other.onSent(number, BYTES, true, now);
        }
        other.onFeedback(new Feedback(List.of(new PacketRange(3, 3), new PacketRange(1, 1)), 0, 0, 0, 0), now);
        assertThat(calls).containsExactly("round trip of 3", "acknowledged 1", "acknowledged 3", "lost 0", "due 0");
        calls.clear();

        other.onFeedback(new Feedback(List.of(new PacketRange(8, 8), new PacketRange(0, 4)), 0, 0, 0, 0), now);

        assertThat(calls)
                .containsExactly(
                        "round trip of 8",
                        "acknowledged 0 late",
                        "acknowledged 2",
                        "acknowledged 4",
                        "acknowledged 8",
                        "spurious 0",
                        "lost 5",
                        "due 5");
    }

    // ---- persistent congestion

    /** RFC 9002 section 7.6: lost from 0 to 1.2 s, where three time-outs are 975 ms. */
    @Test
    void anOutageOfThreeTimeoutsIsPersistentCongestion() {
        measure();
        passMillis(1);
        for (int i = 0; i < 5; i++) {
            send(1);
            passMillis(300);
        }
        send(3);
        passMillis(100);

        hear(8, 8);

        assertThat(lost).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(signals).containsExactly("persistent behind 5");
        hear(8, 8);
        assertThat(signals).hasSize(1);
    }

    @Test
    void anOutageWithAnArrivalInItIsNone() {
        measure();
        passMillis(1);
        for (int i = 0; i < 5; i++) {
            send(1);
            passMillis(300);
        }
        send(3);
        passMillis(100);

        hear(8, 8, 3, 3);

        assertThat(lost).containsExactly(1L, 2L, 4L, 5L);
        assertThat(signals).isEmpty();
    }

    /** RFC 9002 section 7.6.2: "until there is at least one RTT sample". */
    @Test
    void whatWasSentBeforeTheFirstSampleMakesNoOutage() {
        for (int i = 0; i < 9; i++) {
            send(1);
            passMillis(10_000);
        }

        hear(8, 8);

        assertThat(lost).hasSize(8); // by their age
        assertThat(signals).isEmpty();
    }

    // ---- bounds

    @Test
    void aThousandLostInARowDoNotStopTheFlow() {
        measure();
        for (int round = 0; round < 40; round++) {
            send(CAPACITY);
            passMillis(10);
        }
        assertThat(lost).hasSize(40 * CAPACITY - CAPACITY).isSorted().doesNotHaveDuplicates();
        assertThat(recovery.waiting()).isEqualTo(CAPACITY);

        long last = recovery.nextNumber() - 1;
        assertThat(hear(last, last)).isNull();

        assertThat(acknowledged).containsExactly(last);
        assertThat(recovery.waiting()).isEqualTo(2);
    }

    @Test
    void anHourWithoutFeedbackDoesNotStopTheFlow() {
        measure();
        send(10);
        long end = now + 3_600_000 * MILLI;
        int probes = 0;
        while (recovery.hasDeadline() && recovery.deadlineNanos() - end < 0) {
            now = recovery.deadlineNanos();
            int before = due.size();
            recovery.onDeadline(now);
            send(due.size() - before);
            probes++;
        }
        assertThat(probes).isBetween(60, 70);
        long last = recovery.nextNumber() - 1;

        hear(last, last);

        assertThat(due).hasSizeGreaterThan(10);
        send(1);
        assertThat(recovery.deadlineNanos() - now)
                .as("no time-out doubles the wait any more")
                .isLessThanOrEqualTo(ProbeTimeout.periodNanos(rtt.smoothedNanos(), rtt.variationNanos(), ACK_DELAY));
    }

    // ---- a peer that lies

    @ParameterizedTest
    @ValueSource(longs = {6, 7, 1_000_000, VarInt.MAX})
    void acknowledgingWhatWasNeverSentIsAViolation(long number) {
        send(6);

        assertThat(hear(number, number)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(acknowledged).isEmpty();
    }

    @Test
    void acknowledgingASkippedNumberIsAViolation() {
        send(2);
        assertThat(recovery.skipNumber(now)).isEqualTo(2);
        send(2);

        assertThat(hear(3, 4, 0, 1)).isNull();
        assertThat(hear(0, 4)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void aSkippedNumberIsNoLoss() {
        send(1);
        recovery.skipNumber(now);
        send(5);

        hear(2, 6, 0, 0);

        assertThat(lost).isEmpty();
        assertThat(recovery.hasDeadline()).isFalse();
    }

    @Test
    void rangesThatReachBeyondAllMemoryCostNothing() {
        for (int i = 0; i < 1_000; i++) {
            send(CAPACITY / 2);
            long last = recovery.nextNumber() - 1;
            assertThat(hear(0, last)).isNull();
        }

        assertThat(acknowledged).hasSize(1_000 * CAPACITY / 2).isSorted().doesNotHaveDuplicates();
        assertThat(recovery.waiting()).isZero();
    }

    @Test
    void theDelayIsNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LossRecovery<>(CAPACITY, rtt, -1, new LossRecovery.Listener<Long>() {
                    @Override
                    public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {}

                    @Override
                    public void onAcknowledged(long number, Long packet, int bytes, boolean wasLost) {}

                    @Override
                    public void onDue(Long packet) {}
                }))
                .withMessageContaining("maxAckDelayNanos is -1");
    }

    @Test
    void probeTimeOutIsToldBeforeWhatIsDueByIt() {
        measure();
        send(3);
        now = recovery.deadlineNanos();

        recovery.onDeadline(now);

        assertThat(signals).containsExactly("probe behind 0");
        assertThat(due).hasSize(2);
    }

    /** RFC 9002 section 7.6.2 means this flow's own sample: what the handshake took is none. */
    @Test
    void outageBeforeTheFirstAcknowledgementIsNoPersistentCongestionThoughTheRoundTripIsKnown() {
        now = -5_000_000 * MILLI; // any monotonic clock will do
        rtt.onSample(100 * MILLI, 0);
        for (int i = 0; i < 20; i++) {
            send(1);
            passMillis(1_000);
        }
        hear(19, 19);

        assertThat(lost).hasSize(19);
        assertThat(signals).noneMatch(signal -> signal.startsWith("persistent"));
    }

    // ---- times that are not the path's

    @Test
    void hoursInWhichNobodyWasThereToHearAreNoRoundTrip() {
        measure();
        send(3);

        passMillis(8 * 3_600_000);
        hear(1, 3);

        assertThat(rtt.latestNanos()).isLessThan(400 * MILLI);
        assertThat(lost).isEmpty();
        send(1);
        passMillis(100);
        hear(4, 4);
        assertThat(rtt.latestNanos()).isEqualTo(100 * MILLI);
    }

    @Test
    void aTimerThatRingsHoursLateIsOneTimeOut() {
        measure();
        send(3);
        long waitNanos = recovery.deadlineNanos() - now;

        passMillis(8 * 3_600_000);
        recovery.onDeadline(now);

        assertThat(signals).containsExactly("probe behind 0");
        assertThat(recovery.deadlineNanos() - now).isEqualTo(2 * waitNanos);
        send(2);
        passMillis(100);
        hear(4, 5);
        assertThat(lost).as("as they would be without").containsExactly(1L, 2L, 3L);
        assertThat(signals).as("nothing persists").hasSize(1);
        assertThat(rtt.latestNanos()).isEqualTo(100 * MILLI);
    }

    @Test
    void aTimerThatIsLateByNoMoreThanTimersAreCounts() {
        measure();
        send(3);
        long dueNanos = recovery.deadlineNanos();

        now = dueNanos + RunningClock.MOST_LATE_NANOS;
        hear(1, 3);

        assertThat(rtt.latestNanos()).isGreaterThan(RunningClock.MOST_LATE_NANOS);
    }
}
