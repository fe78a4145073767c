package io.weir.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void letsFreshProcessesServeAfterEachFewRounds() {
        Settings settings = settings(5, false);

        assertThat(IntStream.range(0, 21).filter(settings::isFreshAfter)).containsExactly(5, 10, 15, 20);
    }

    @Test
    void keepsTheProcessesOfARecording() {
        assertThat(IntStream.range(0, 21).filter(settings(5, true)::isFreshAfter))
                .isEmpty();
    }

    @Test
    void letsASideLiveThroughTheWarmUpsOfAllThatFollowIt() {
        Duration once = settings(20, false).lifetime(3);

        assertThat(settings(5, false).lifetime(3)).isGreaterThanOrEqualTo(once.plusSeconds(2 * 3 * 3 * 8));
    }

    private static Settings settings(int pairRounds, boolean isProfiling) {
        return new Settings(
                Jdk.current(),
                8,
                1,
                Settings.rule(10, 20, 5),
                pairRounds,
                new Settings.Cold(0, 1),
                isProfiling,
                Path.of("target"));
    }
}
