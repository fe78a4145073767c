package io.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutlierPolicyTest {

    private static final OutlierPolicy DEFAULTS = OutlierPolicy.defaults();

    @Test
    void refusesWhatIsOutOfRangeAndSaysSo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withFailuresInARow(0))
                .withMessage("failuresInARow is 0; legal: 1 to 1000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withMaxPercent(101))
                .withMessage("maxPercent is 101; legal: 0 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withDurations(Duration.ofMillis(9), Duration.ofMinutes(1)))
                .withMessage("first is PT0.009S; legal: PT0.01S to PT1H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withDurations(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessage("longest is PT1S; legal: PT2S to PT24H");
    }

    @Test
    void staysWithinTheLongestHoweverOften() {
        OutlierPolicy longest = DEFAULTS.withDurations(Duration.ofHours(1), Duration.ofHours(24));

        assertThat(longest.durationNanos(64, Math.nextDown(1d)))
                .isEqualTo(Duration.ofHours(24).toNanos());
        assertThat(longest.durationNanos(64, 0)).isEqualTo(Duration.ofHours(12).toNanos());
    }
}
