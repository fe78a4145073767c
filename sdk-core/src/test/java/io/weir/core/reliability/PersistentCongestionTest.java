package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PersistentCongestionTest {

    private static final long SECOND = 1_000_000_000;

    private final PersistentCongestion outage = new PersistentCongestion();

    /** The timeline of RFC 9002 section 7.6.3: 2 to 8 are lost, sent at 1 to 8 s, and 9 is acknowledged. */
    @Test
    void theExampleOfTheRfcLastsSevenSeconds() {
        long[] sentAtSecond = {1, 2, 3, 4, 5, 6, 8};
        for (int i = 0; i < sentAtSecond.length; i++) {
            outage.onLost(2 + i, sentAtSecond[i] * SECOND);
        }

        assertThat(outage.longestNanos()).isEqualTo(7 * SECOND);
        // there: smoothed_rtt + max(4*rttvar, kGranularity) + max_ack_delay = 2 s
        assertThat(outage.longestNanos()).isGreaterThan(PersistentCongestion.durationNanos(2 * SECOND));
    }

    /** RFC 9002 section 7.6.1: kPersistentCongestionThreshold is 3. */
    @Test
    void anOutageLastsThreeProbeTimeouts() {
        assertThat(PersistentCongestion.durationNanos(2 * SECOND)).isEqualTo(6 * SECOND);
    }

    /** RFC 9002 section 7.6.2: "none of the packets sent between the send times of these two packets are acknowledged". */
    @Test
    void aPacketThatArrivedEndsTheOutage() {
        outage.onLost(1, 0);
        outage.onLost(2, SECOND);
        outage.onLost(4, 10 * SECOND);
        outage.onLost(5, 13 * SECOND);

        assertThat(outage.longestNanos()).isEqualTo(3 * SECOND);
    }

    @Test
    void theLongestOfSeveralCounts() {
        outage.onLost(1, 0);
        outage.onLost(2, 5 * SECOND);
        outage.onLost(4, 10 * SECOND);
        outage.onLost(5, 11 * SECOND);

        assertThat(outage.longestNanos()).isEqualTo(5 * SECOND);
    }

    /** RFC 9002 section 7.6.2: "These two packets MUST be ack-eliciting". */
    @Test
    void whatWouldNotBeAcknowledgedNeitherEndsAnOutageNorMakesOne() {
        outage.onSilent(0);
        outage.onLost(1, SECOND);
        outage.onSilent(2);
        outage.onLost(3, 4 * SECOND);
        outage.onSilent(4);

        assertThat(outage.longestNanos()).isEqualTo(3 * SECOND);
    }

    @Test
    void onePacketIsNoOutage() {
        outage.onLost(1, 100 * SECOND);

        assertThat(outage.longestNanos()).isZero();
    }

    @Test
    void lossesFoundAtDifferentTimesAreNotPutTogether() {
        outage.onLost(1, 0);
        outage.reset();
        outage.onLost(2, 9 * SECOND);

        assertThat(outage.longestNanos()).isZero();
    }
}
