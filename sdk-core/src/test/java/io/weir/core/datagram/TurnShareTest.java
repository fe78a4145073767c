package io.weir.core.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnShareTest {

    @Test
    void isAQuarterOfTheTurnWhereSessionsWantTheRest() {
        for (long others : new long[] {3, 300, 30_000, 3_000_000}) {
            long share = TurnShare.nanos(true, others);

            assertThat(4 * share).isEqualTo(share + others);
        }
        assertThat(TurnShare.nanos(true, 0)).isZero();
    }

    @Test
    void isNeverLongerThanAMillisecond() {
        assertThat(TurnShare.nanos(true, Long.MAX_VALUE)).isEqualTo(1_000_000);
        assertThat(TurnShare.nanos(false, 0)).isEqualTo(1_000_000);
    }

    @Test
    void leavesTheOthersTheirShareBeforeItGoesOn() {
        assertThat(TurnShare.pauseNanos(true, 1_000)).isEqualTo(3_000);
        assertThat(TurnShare.pauseNanos(true, 0)).isPositive();
        assertThat(TurnShare.pauseNanos(false, 1_000)).isZero();
    }
}
