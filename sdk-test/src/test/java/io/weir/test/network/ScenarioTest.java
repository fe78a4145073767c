package io.weir.test.network;

import static io.weir.test.network.TwoNodes.CLIENT;
import static io.weir.test.network.TwoNodes.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.NodeLimits;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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

    /** 10 Mbit/s, 15 ms and a queue of 25 under everything that QUIC's interoperability runs do. */
    @Test
    void figuresAreThoseOfQuicsInteroperabilityRuns() {
        LinkProfile bottleneck = LinkProfile.PERFECT
                .withBytesPerSecond(10_000_000 / 8)
                .withLatency(Duration.ofMillis(15))
                .withQueueLimit(25);
        assertThat(Scenario.BOTTLENECK).isEqualTo(Scenario.of("bottleneck", bottleneck));
        assertThat(Scenario.HANDSHAKE_LOSS)
                .isEqualTo(
                        Scenario.of("handshake loss", bottleneck.withLoss(0.30).withLongestRun(3)));
        assertThat(Scenario.TRANSFER_LOSS)
                .isEqualTo(
                        Scenario.of("transfer loss", bottleneck.withLoss(0.02).withLongestRun(3)));
        assertThat(Scenario.HANDSHAKE_CORRUPTION)
                .isEqualTo(Scenario.of(
                        "handshake corruption", bottleneck.withCorruption(0.30).withLongestRun(3)));
        assertThat(Scenario.TRANSFER_CORRUPTION)
                .isEqualTo(Scenario.of(
                        "transfer corruption", bottleneck.withCorruption(0.02).withLongestRun(3)));
        assertThat(Scenario.BLACK_HOLE)
                .isEqualTo(new Scenario(
                        "black hole",
                        bottleneck,
                        new BlackHole(Duration.ofSeconds(5), Duration.ofSeconds(2)),
                        Duration.ZERO));
        assertThat(Scenario.LONG_ROUND_TRIP)
                .isEqualTo(Scenario.of("long round trip", bottleneck.withLatency(Duration.ofMillis(750))));
        assertThat(Scenario.ADDRESS_CHANGE)
                .isEqualTo(new Scenario("address change", bottleneck, null, Duration.ofSeconds(5)));
    }

    @Test
    void figuresOfAccessNetworks() {
        assertThat(Scenario.WIFI)
                .isEqualTo(Scenario.of(
                        "wifi",
                        LinkProfile.PERFECT.withLatency(Duration.ofMillis(5)).withLoss(0.001)));
        assertThat(Scenario.G4)
                .isEqualTo(Scenario.of(
                        "4g",
                        LinkProfile.PERFECT.withLatency(Duration.ofMillis(25)).withLoss(0.005)));
        assertThat(Scenario.G3)
                .isEqualTo(Scenario.of(
                        "3g",
                        LinkProfile.PERFECT
                                .withLatency(Duration.ofMillis(100))
                                .withLoss(0.02)
                                .withBytesPerSecond(2_000_000 / 8)));
        assertThat(Scenario.all()).hasSize(11).doesNotHaveDuplicates();
    }

    @Test
    void firstHostMovesEachFiveSeconds() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(1).play(Scenario.ADDRESS_CHANGE, CLIENT, SERVER)) {
            network.advance(Duration.ofMillis(4_999));
            assertThat(network.addressOf(CLIENT)).isEqualTo(CLIENT);
            network.advance(Duration.ofMillis(1));
            String second = network.addressOf(CLIENT);
            network.advance(Duration.ofSeconds(5));
            assertThat(network.addressOf(CLIENT)).isNotIn(CLIENT, second);
            assertThat(network.addressOf(SERVER)).isEqualTo(SERVER);
        }
    }

    private static List<Integer> first(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
