package io.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptBudgetTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 37, 100})
    void ofEachHundredCallsSoManyAndTheBurstAreMadeTwice(int percent) {
        AttemptBudget budget = new AttemptBudget(percent, 10);
        int content = budget.full();
        int extra = 0;

        for (int call = 1; call <= 10_000; call++) {
            content = budget.afterCall(content);
            int left = budget.afterExtra(content);
            if (left >= 0) {
                content = left;
                extra++;
            }
        }

        assertThat(extra).isBetween(percent * 100, percent == 0 ? 0 : percent * 100 + 10);
    }

    @Test
    void quietTimesEarnNoMoreThanTheBurst() {
        AttemptBudget budget = new AttemptBudget(100, 3);
        int content = budget.full();
        for (int call = 0; call < 1_000_000; call++) {
            content = budget.afterCall(content);
        }

        assertThat(content).isEqualTo(budget.full());
        for (int i = 0; i < 3; i++) {
            content = budget.afterExtra(content);
            assertThat(content).isNotNegative();
        }
        assertThat(budget.afterExtra(content)).isNegative();
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttemptBudget(101, 1))
                .withMessage("percent is 101; legal: 0 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttemptBudget(1, 0))
                .withMessage("burst is 0; legal: 1 to 1000");
    }
}
