package io.weir.test.network;

import static io.weir.test.network.TwoNodes.CLIENT;
import static io.weir.test.network.TwoNodes.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.NodeLimits;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes of Weir over each scenario. */
final class ScenarioTest {
    private static final int ELEMENTS = 200;
    private static final int ELEMENT_BYTES = 1_000;

    /** Patient enough for a packet that is lost seven times. */
    private static final NodeLimits PATIENT = NodeLimits.defaults()
            .withConnectTimeout(Duration.ofMinutes(1))
            .withHandshakeTimeout(Duration.ofMinutes(1))
            .withSilenceLimit(Duration.ofMinutes(1));

    static Stream<Scenario> scenarios() {
        return Scenario.all().stream().filter(scenario -> scenario != Scenario.ADDRESS_CHANGE);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void reliableStreamArrivesWhole(Scenario scenario) {
        for (long seed : Seeds.from(1, 10).toArray()) {
            SimulatedNetwork network = SimulatedNetwork.seeded(seed).play(scenario, CLIENT, SERVER);
            try (TwoNodes nodes = new TwoNodes(network, ELEMENTS, ELEMENT_BYTES, PATIENT)) {
                nodes.transfer(Duration.ofMinutes(5));

                assertThat(nodes.received).as(network::report).isEqualTo(first(ELEMENTS));
                assertThat(nodes.ends).as(network::report).containsExactly("complete");
            }
        }
    }

    private static List<Integer> first(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
