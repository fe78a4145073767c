package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.reliability.AckRanges.Arrival;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackScheduleTest {

    private static final long MILLI = 1_000_000;
    private static final long DELAY = FeedbackSchedule.MAX_DELAY_NANOS;

    private final FeedbackSchedule schedule = new FeedbackSchedule(DELAY);

    private void receive(Arrival arrival, long atNanos) {
        schedule.onReceived(arrival, true, atNanos);
    }

    /** RFC 9000 section 13.2.2: "A receiver SHOULD send an ACK frame after receiving at least two ack-eliciting packets." */
    @Test
    void aSlowFlowIsToldEverySecondPacket() {
        receive(Arrival.NEXT, 0);
        assertThat(schedule.isDue(0)).isFalse();

        receive(Arrival.NEXT, 10 * MILLI);

        assertThat(schedule.isDue(10 * MILLI)).isTrue();
    }

    /** RFC 9000 section 13.2.1: each packet that elicits acknowledgement, within max_ack_delay. */
    @Test
    void oneAloneIsToldWithinTheLargestDelay() {
        receive(Arrival.NEXT, 5 * MILLI);

        assertThat(schedule.hasDeadline()).isTrue();
        assertThat(schedule.deadlineNanos()).isEqualTo(30 * MILLI);
        assertThat(schedule.isDue(30 * MILLI - 1)).isFalse();
        assertThat(schedule.isDue(30 * MILLI)).isTrue();
    }

    /** One that waits for each packet to be told would be held up by the largest delay each time. */
    @Test
    void afterTwoThatCameAloneTheNextIsToldAtOnce() {
        for (int i = 0; i < 2; i++) {
            receive(Arrival.NEXT, i * 30 * MILLI);
            assertThat(schedule.isDue(i * 30 * MILLI)).isFalse();
            schedule.onTold();
        }

        receive(Arrival.NEXT, 60 * MILLI);

        assertThat(schedule.isDue(60 * MILLI)).isTrue();
    }

    @Test
    void aSenderThatWaitsForEachIsHeldUpSeldom() {
        int heldUp = 0;
        long now = 0;
        for (int i = 0; i < 1_000; i++) {
            receive(Arrival.NEXT, now);
            if (!schedule.isDue(now)) {
                heldUp++;
                now = schedule.deadlineNanos();
                assertThat(schedule.isDue(now)).isTrue();
            }
            schedule.onTold();
            now += MILLI;
        }

        assertThat(heldUp).isLessThanOrEqualTo(2 + 1_000 / 64);
    }

    /** Whether or not they come in the same moment, and are told together. */
    @Test
    void aSenderThatDoesNotWaitIsToldForSeveralAgain() {
        for (int i = 0; i < 2; i++) {
            receive(Arrival.NEXT, i * 30 * MILLI);
            schedule.onTold();
        }
        int told = 0;
        for (int i = 0; i < 1_000; i++) {
            long now = 100 * MILLI + i * 5 * MILLI;
            receive(Arrival.NEXT, now);
            if (schedule.isDue(now)) {
                schedule.onTold();
                told++;
            }
        }

        assertThat(told).as("64 at once, then one for two").isBetween(500, 500 + 64);
    }

    /** RFC 9000 section 13.2.1: immediately when a packet is out of order, or missing packets lie before it. */
    @Test
    void aGapIsToldAtOnce() {
        receive(Arrival.OUT_OF_ORDER, 0);

        assertThat(schedule.isDue(0)).isTrue();
    }

    @Test
    void whatWasToldIsNotToldAgain() {
        receive(Arrival.OUT_OF_ORDER, 0);

        schedule.onTold();

        assertThat(schedule.isDue(Long.MAX_VALUE / 2)).isFalse();
        assertThat(schedule.hasDeadline()).isFalse();
    }

    /** RFC 9000 section 13.2.1: "an endpoint MUST NOT send a non-ack-eliciting packet in response to" one. */
    @ParameterizedTest
    @EnumSource
    void whatElicitsNothingIsNeverAnswered(Arrival arrival) {
        schedule.onReceived(arrival, false, 0);

        assertThat(schedule.isDue(DELAY)).isFalse();
        assertThat(schedule.hasDeadline()).isFalse();
    }

    @Test
    void aRepeatIsNotAnswered() {
        receive(Arrival.REPEAT, 0);

        assertThat(schedule.hasDeadline()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "16, 2", "24, 3", "80, 10", "512, 64", "100000, 64"})
    void aFastFlowIsToldEightTimesInEachDelayButForSixtyFourPacketsAtMost(long packets, int enough) {
        assertThat(FeedbackSchedule.enough(packets)).isEqualTo(enough);
    }

    /** 800 packets in each delay: for every 2nd, then 4th, 8th, 16th, 32nd, and at last for every 64th. */
    @Test
    void theRateOfOneDelayCountsInTheNextByDoubling() {
        int[] told = new int[7];
        for (int i = 0; i < 7 * 800; i++) {
            long now = i * (DELAY / 800);
            receive(Arrival.NEXT, now);
            if (schedule.isDue(now)) {
                schedule.onTold();
                told[i / 800]++;
            }
        }

        assertThat(told).containsExactly(400, 200, 100, 50, 25, 12, 13);
    }

    /** A window of 7 over a short way: 7 packets at once, then none until they are acknowledged. */
    @Test
    void aFastFlowWithASmallWindowIsSeldomHeldUp() {
        long now = 0;
        long waited = 0;
        for (int flight = 0; flight < 10_000; flight++) {
            boolean told = false;
            for (int i = 0; i < 7; i++) {
                receive(Arrival.NEXT, now);
                if (schedule.isDue(now)) {
                    schedule.onTold();
                    told = true;
                }
            }
            if (!told) {
                waited += schedule.deadlineNanos() - now;
                now = schedule.deadlineNanos();
                assertThat(schedule.isDue(now)).isTrue();
                schedule.onTold();
            }
            now += MILLI / 10;
        }

        assertThat(waited).isLessThan(now / 10);
    }

    @Test
    void afterAPauseASlowRateIsAssumedAgain() {
        for (long i = 0; i < 1_600; i++) {
            receive(Arrival.NEXT, i * DELAY / 800);
            if (schedule.isDue(i * DELAY / 800)) {
                schedule.onTold();
            }
        }

        receive(Arrival.NEXT, 10 * DELAY);
        assertThat(schedule.isDue(10 * DELAY)).isFalse();
        receive(Arrival.NEXT, 10 * DELAY + 1);

        assertThat(schedule.isDue(10 * DELAY + 1)).isTrue();
    }

    /** A monotonic clock has any origin, and wraps around. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE - 1_000})
    void theOriginOfTheClockDoesNotMatter(long origin) {
        int told = 0;
        for (long i = 0; i < 2_400; i++) {
            long now = origin + i * (DELAY / 800);
            receive(Arrival.NEXT, now);
            if (schedule.isDue(now)) {
                schedule.onTold();
                told++;
            }
        }

        assertThat(told).isEqualTo(700);
    }

    @Test
    void theDelayIsNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FeedbackSchedule(-1))
                .withMessageContaining("maxDelayNanos is -1");
    }
}
