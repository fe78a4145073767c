package io.weir.reactive.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class BlockedThresholdTest {

    private final BlockedThreshold threshold = new BlockedThreshold();

    @Test
    void isATenthOfASecondAtFirst() {
        assertThat(threshold.nanos()).isEqualTo(100_000_000);
        assertThat(threshold.getValue()).isEqualTo("100 ms");
    }

    @Test
    void takesANumberAndAUnit() {
        threshold.setValue("20 us");
        assertThat(threshold.nanos()).isEqualTo(20_000);
        assertThat(threshold.getValue()).isEqualTo("20 us");
        threshold.setValue("2 s");
        assertThat(threshold.nanos()).isEqualTo(2_000_000_000);
    }

    @Test
    void keepsItsValueWhereTheNewOneIsNone() {
        for (String wrong : new String[] {"", "5", "x ms", "-1 s", "5 parsecs", "5 ms or so"}) {
            threshold.setValue(wrong);
        }
        assertThat(threshold.getValue()).isEqualTo("100 ms");
        assertThat(threshold.nanos()).isEqualTo(100_000_000);
    }

    @Test
    void isTheLeastThatAnyRecordingWants() {
        assertThat(threshold.combine(Set.of("1 s", "30 ms", "nonsense"))).isEqualTo("30 ms");
        assertThat(threshold.combine(Set.of())).isEqualTo("100 ms");
    }
}
