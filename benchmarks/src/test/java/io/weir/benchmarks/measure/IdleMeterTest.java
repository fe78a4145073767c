package io.weir.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleMeterTest {
    private final IdleMeter meter = new IdleMeter();

    @Test
    void isTheShareOfAllTimesTogether() {
        meter.add(Duration.ofSeconds(1), Duration.ofMillis(20));
        meter.add(Duration.ofSeconds(3), Duration.ZERO);

        assertThat(meter.share()).isCloseTo(0.005, within(1e-9));
    }

    @Test
    void tellsWhatIsUsedAgainAndAgainFromABurst() {
        meter.add(Duration.ofSeconds(1), Duration.ofMillis(600));
        meter.add(Duration.ofSeconds(1), Duration.ofMillis(10));
        meter.add(Duration.ofSeconds(1), Duration.ofMillis(20));

        assertThat(meter.share()).isCloseTo(0.21, within(1e-9));
        assertThat(meter.medianShare()).isCloseTo(0.02, within(1e-9));
    }

    @Test
    void isZeroBeforeThereIsAnything() {
        assertThat(meter.share()).isZero();
        assertThat(meter.medianShare()).isZero();
    }
}
