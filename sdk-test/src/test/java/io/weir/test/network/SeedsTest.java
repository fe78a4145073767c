package io.weir.test.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SeedsTest {

    @Test
    void areTheSameInEachRun() {
        assertThat(Seeds.from(7, 3, null, null)).containsExactly(7L, 8L, 9L);
    }

    @Test
    void areTheOneThatIsNamed() {
        assertThat(Seeds.from(7, 3, "42", "10")).containsExactly(42L);
    }

    @Test
    void areAShareOfThemRoundedUp() {
        assertThat(Seeds.from(0, 20, null, "40")).hasSize(8);
        assertThat(Seeds.from(0, 3, null, "1")).containsExactly(0L);
        assertThat(Seeds.from(0, 2_000, null, "100")).hasSize(2_000);
    }

    @Test
    void areAPartOfThemThatBeginsWhereAnotherEnds() {
        assertThat(Seeds.from(7, 20, null, "75-100")).containsExactly(22L, 23L, 24L, 25L, 26L);
        assertThat(Seeds.from(0, 3, null, "50")).containsExactly(0L, 1L);
        assertThat(Seeds.from(0, 3, null, "50-100")).containsExactly(2L);
        assertThat(Seeds.from(0, 1, null, "75-100")).containsExactly(0L);
    }

    @Test
    void sayWhatIsWrongWithAProperty() {
        assertThatThrownBy(() -> Seeds.from(0, 1, "x", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weir.seed is x, must be a number");
        assertThatThrownBy(() -> Seeds.from(0, 1, null, "1-x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weir.seeds.percent is x, must be a number");
        for (String percent : new String[] {"0", "101", "-1", "50-50", "80-20", "20-101"}) {
            assertThatThrownBy(() -> Seeds.from(0, 1, null, percent))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("weir.seeds.percent is " + percent)
                    .hasMessageContaining("must be 1 to 100");
        }
    }
}
