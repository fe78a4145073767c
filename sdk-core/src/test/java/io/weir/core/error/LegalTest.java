package io.weir.core.error;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LegalTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void takesBothEndsOfARange() {
        assertThatCode(() -> {
                    Legal.range("backlog", 1, 1, 9);
                    Legal.range("backlog", 9, 1, 9);
                    Legal.range("factor", 1.0, 1.0, 2.0);
                    Legal.range("factor", 2.0, 1.0, 2.0);
                    Legal.range("wait", SECOND, SECOND, MINUTE);
                    Legal.range("wait", MINUTE, SECOND, MINUTE);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void namesFieldValueAndRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Legal.range("backlog", 0, 1, 9))
                .withMessage("backlog is 0; legal: 1 to 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Legal.range("backlog", 1L << 40, 1, 9))
                .withMessage("backlog is 1099511627776; legal: 1 to 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Legal.range("factor", 2.5, 1.0, 2.0))
                .withMessage("factor is 2.5; legal: 1.0 to 2.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Legal.range("wait", Duration.ofMillis(999), SECOND, MINUTE))
                .withMessage("wait is PT0.999S; legal: PT1S to PT1M");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Legal.range("wait", MINUTE.plusNanos(1), SECOND, MINUTE))
                .withMessage("wait is PT1M0.000000001S; legal: PT1S to PT1M");
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Legal.range("factor", Double.NaN, 1.0, 2.0))
                .withMessage("factor is NaN; legal: 1.0 to 2.0");
    }
}
