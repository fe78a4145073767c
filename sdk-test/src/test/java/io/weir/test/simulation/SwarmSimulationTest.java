package io.weir.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.test.network.Seeds;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 200 runs of 50 nodes that keep each other connected on a network that breaks, each with all oracles, as many at a time as
 * there are processors: a run costs most of a second, for handshakes. A failing one prints its seed, which
 * {@code -Dweir.seed=N} runs again, which pairs are wrong and what has happened to them.
 */
class SwarmSimulationTest {

    private static final int RUNS_IN_ONE_TEST = 20;

    private static final int RUNS_OVER_DATAGRAMS = 5;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void eachPairThatIsWantedEndsWithOneSession(int part) {
        check(Seeds.from(part * (long) RUNS_IN_ONE_TEST, RUNS_IN_ONE_TEST), false);
    }

    @Test
    void eachPairThatIsWantedEndsWithOneSessionOverDatagrams() {
        check(Seeds.from(0, RUNS_OVER_DATAGRAMS), true);
    }

    private static void check(LongStream some, boolean overDatagrams) {
        long[] seeds = some.toArray();
        SwarmTally tally = Arrays.stream(seeds)
                .parallel()
                .mapToObj(seed -> SwarmSimulation.run(seed, overDatagrams))
                .reduce(SwarmTally.NONE, SwarmTally::plus);
        assertThat(tally.sessions()).isPositive();
        assertThat(tally.received()).isPositive();
        if (seeds.length > 1) {
            assertThat(tally.duplicates()).as("connections beside a session").isPositive();
            assertThat(tally.unconfirmed()).as("payloads that may be lost").isPositive();
            assertThat(tally.replaced()).as("sessions with an earlier run").isPositive();
        }
    }
}
