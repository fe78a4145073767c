package io.weir.test.simulation;

import io.weir.test.network.Scenario;
import io.weir.test.network.Seeds;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sessions over datagrams, {@value #SEEDS} in each scenario. A failing one prints its seed, which {@code -Dweir.seed=N} runs again.
 */
class SmallTransferTest {

    private static final int SEEDS = 460;

    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void aSessionLivesThroughItAndKeepsItsWord(Scenario scenario) {
        Seeds.from(0, SEEDS).forEach(seed -> SmallTransfer.run(seed, scenario));
    }
}
