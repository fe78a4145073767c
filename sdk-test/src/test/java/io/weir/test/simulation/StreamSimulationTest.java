package io.weir.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.FrameOrder;
import io.weir.test.network.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 2,000 runs of nodes over stream links on a network that breaks, each with all oracles. A failing one prints its seed,
 * which {@code -Dweir.seed=N} runs again, and what happened last.
 */
class StreamSimulationTest {

    private static final int RUNS_IN_ONE_TEST = 200;
    private static final int RUNS_WITH_LANES = 200;
    private static final int RUNS_OVER_DATAGRAMS = 60;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void everythingIsRightAgainAndNothingIsLeft(int part) {
        int sessions = 0;
        for (long seed :
                Seeds.from(part * (long) RUNS_IN_ONE_TEST, RUNS_IN_ONE_TEST).toArray()) {
            sessions += StreamSimulation.run(seed);
        }
        assertThat(sessions).isPositive();
    }

    /** Each lane is held back against the others, beside all that the network does. */
    @Test
    void everythingIsRightAgainWhereHalvesOvertakeControl() {
        int sessions = 0;
        for (long seed : Seeds.from(0, RUNS_WITH_LANES).toArray()) {
            sessions += StreamSimulation.run(seed, FrameOrder.PER_HALF);
        }
        assertThat(sessions).isPositive();
    }

    /** Over datagrams, which the network loses, doubles and reorders. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void everythingIsRightAgainOverDatagrams(int part) {
        int sessions = 0;
        for (long seed : Seeds.from(part * (long) RUNS_OVER_DATAGRAMS, RUNS_OVER_DATAGRAMS)
                .toArray()) {
            sessions += StreamSimulation.run(seed, FrameOrder.NONE);
        }
        assertThat(sessions).isPositive();
    }

    /** 2196: a link reset while its dialler was frozen counted as open for ever. */
    @ParameterizedTest
    @ValueSource(longs = {2_196, 10_348})
    void whatOnceWentWrongIsRight(long seed) {
        assertThat(StreamSimulation.run(seed)).isPositive();
    }
}
