package io.weir.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void isSixteenBits(int number) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Target(number))
                .withMessage("number is " + number + ", must be 0..65535");
    }

    @Test
    void beginsAgainAfterTheLast() {
        assertThat(new Target(0).next()).isEqualTo(new Target(1));
        assertThat(new Target(65_535).next()).isEqualTo(new Target(0));
        assertThat(new Target(1)).isGreaterThan(new Target(0)).hasToString("target 1");
    }
}
