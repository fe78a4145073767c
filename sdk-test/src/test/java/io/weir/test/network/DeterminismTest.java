package io.weir.test.network;

import static io.weir.test.network.TwoNodes.CLIENT;
import static io.weir.test.network.TwoNodes.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.NodeLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The same seed gives the same run, byte for byte: two nodes that talk, and datagrams, under every fault there is. */
final class DeterminismTest {

    private static final LinkProfile HARSH = LinkProfile.PERFECT
            .withLatency(Duration.ofMillis(3))
            .withJitter(Duration.ofMillis(7))
            .withBytesPerSecond(500_000)
            .withLoss(0.03)
            .withBurst(BurstLoss.of(0.01, 3))
            .withCorruption(0.03)
            .withDuplication(0.1)
            .withReordering(0.1)
            .withMtu(1_000)
            .withQueueLimit(40);

    private static String run(long seed) {
        SimulatedNetwork network = SimulatedNetwork.seeded(seed);
        network.profile(HARSH);
        DatagramEndpoint asking = network.datagrams(CLIENT, 1);
        DatagramEndpoint answering = network.datagrams(SERVER, 1);
        answering
                .received()
                .subscribe(datagram -> answering.send(datagram.payload(), datagram.host(), datagram.port()));
        asking.received()
                .subscribe(
                        datagram -> network.note("back: " + datagram.payload().remaining()));
        try (TwoNodes nodes = new TwoNodes(network, 300, 500, NodeLimits.defaults())) {
            nodes.begin();
            for (int i = 0; i < 100; i++) {
                asking.send(ByteBuffer.allocate(10 + i * 9), SERVER, 1);
                network.advance(Duration.ofMillis(20));
                switch (i) {
                    case 30 -> network.freeze(SERVER, Duration.ofMillis(300));
                    case 50 -> network.partition(Set.of(CLIENT), Set.of(SERVER));
                    case 60 -> network.heal();
                    case 70 ->
                        network.between(SERVER, CLIENT)
                                .blackHole(new BlackHole(Duration.ofMillis(100), Duration.ofMillis(50)));
                    case 80 -> network.between(SERVER, CLIENT).blackHole(null).corruptionBeyondChecksum(0.01);
                    case 90 -> network.changeAddress(CLIENT);
                    default -> {}
                }
            }
            network.advanceUntil(() -> !nodes.ends.isEmpty(), Duration.ofMinutes(1));
            network.note("received " + nodes.received + ", ends " + nodes.ends + ", events " + nodes.events);
        }
        // all of it is kept
        assertThat(network.trace().count()).isBetween(500L, (long) Trace.KEPT);
        return network.trace().text();
    }

    @Test
    void sameSeedGivesTheSameTrace() {
        for (long seed : Seeds.from(1, 3).toArray()) {
            String first = run(seed);
            assertThat(first.equals(run(seed)))
                    .as("runs of seed %d are equal", seed)
                    .isTrue();
            assertThat(List.of(
                            "sends JOIN",
                            "back: ",
                            "duplicated",
                            "checksum",
                            "burst",
                            "partition",
                            "black hole",
                            "is now at"))
                    .allMatch(first::contains);
        }
    }

    @Test
    void anotherSeedGivesAnother() {
        assertThat(run(1)).isNotEqualTo(run(2));
    }

    @Test
    void reportSaysHowToRunItAgain() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(42).play(Scenario.WIFI, CLIENT, SERVER)) {
            network.note("something of the test's own");
            assertThat(network.report())
                    .startsWith("seed 42 (again with -Dweir.seed=42), scenario wifi, after PT0S; 0 links, 0 timers")
                    .contains("scenario wifi between client and server", "something of the test's own");
        }
    }
}
