package io.weir.test.simulation;

import io.weir.test.network.BlackHole;
import io.weir.test.network.BurstLoss;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What the network does to its hosts, by chance, until it is good again. */
final class Weather {

    /** After the last fault. */
    static final LinkProfile GOOD = LinkProfile.PERFECT.withLatency(Duration.ofMillis(2));

    private static final int[] RATES = {20_000, 100_000, 1_250_000};

    private final SimulatedNetwork network;
    private final Random random;
    private final List<String> hosts;

    Weather(SimulatedNetwork network, Random random, List<String> hosts) {
        this.network = network;
        this.random = random;
        this.hosts = hosts;
    }

    /** At first: a named scenario, some profile, or a network without fault. */
    void begin() {
        switch (random.nextInt(4)) {
            case 0 -> {
                List<Scenario> scenarios = Scenario.all();
                Scenario scenario = scenarios.get(random.nextInt(scenarios.size()));
                if (scenario == Scenario.ADDRESS_CHANGE) {
                    network.profile(scenario.profile()).changeAddress(host());
                } else {
                    network.play(scenario, host(), hosts.get(0));
                }
            }
            case 1 -> network.profile(profile());
            case 2 -> network.profile(GOOD);
            default -> {}
        }
    }

    /** Something goes wrong, or right. */
    void change() {
        String a = host();
        String b = host();
        switch (random.nextInt(16)) {
            case 0 -> network.partitionOneWay(a, b);
            case 1 -> network.partition(Set.of(a), Set.of(b));
            case 2 -> network.partition(Set.of(a), Set.copyOf(hosts));
            case 3, 4 -> network.heal();
            case 5 -> network.between(a, b).blackHole(new BlackHole(millis(1_000), millis(500)));
            case 6 -> network.reset(a, b);
            case 7 -> network.halfClose(a, b);
            case 8 -> network.freeze(a, millis(4_000));
            case 9 -> network.changeAddress(a);
            case 10 -> network.between(a, b).bytesPerSecond(RATES[random.nextInt(RATES.length)]);
            case 11 -> network.between(a, b).corruptionBeyondChecksum(0.01);
            case 12 -> network.between(a, b).latency(millis(300)).jitter(millis(100));
            case 13 -> network.between(a, b).profile(profile());
            default -> {}
        }
    }

    /** The last fault is over. */
    void end() {
        network.heal();
        network.profile(GOOD);
        for (String a : hosts) {
            for (String b : hosts) {
                network.between(a, b).blackHole(null).corruptionBeyondChecksum(0);
            }
        }
        network.note("the network is good again");
    }

    private String host() {
        return hosts.get(random.nextInt(hosts.size()));
    }

    private LinkProfile profile() {
        LinkProfile profile = LinkProfile.PERFECT
                .withLatency(millis(100))
                .withJitter(millis(20))
                .withMtu(576 + random.nextInt(1_000));
        return switch (random.nextInt(5)) {
            case 0 -> profile.withLoss(0.05);
            case 1 -> profile.withBurst(BurstLoss.of(0.02, 3));
            case 2 -> profile.withCorruption(0.1);
            case 3 ->
                profile.withBytesPerSecond(RATES[random.nextInt(RATES.length)]).withQueueLimit(25);
            default -> profile.withDuplication(0.2).withReordering(0.2);
        };
    }

    private Duration millis(int most) {
        return Duration.ofMillis(1 + random.nextInt(most));
    }
}
