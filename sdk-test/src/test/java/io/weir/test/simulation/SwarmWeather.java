package io.weir.test.simulation;

import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What happens to a swarm, by chance, until everything is good again. */
final class SwarmWeather {

    /** Nothing lasts longer after {@link #end}. */
    static final Duration LONGEST_FREEZE = Duration.ofSeconds(20);

    private static final Duration LONGEST_REST = Duration.ofSeconds(30);
    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(40);

    private final SimulatedNetwork network;
    private final Random random;
    private final List<SwarmHost> hosts;
    private final Story story;
    private boolean over;

    SwarmWeather(SimulatedNetwork network, Random random, List<SwarmHost> hosts, Story story) {
        this.network = network;
        this.random = random;
        this.hosts = hosts;
        this.story = story;
        network.profile(profile());
    }

    /** All hosts start, at one moment or one after the other. */
    void begin() {
        int most = random.nextBoolean() ? 1 : 10_000;
        hosts.forEach(host -> later(Duration.ofMillis(random.nextInt(most)), host::start));
    }

    /** Something goes wrong, or right. */
    void change() {
        SwarmHost host = host();
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> stop(host, host::kill);
            case 4, 5 -> stop(host, host::losePower);
            case 6 -> stop(host, host::close);
            case 7 -> stop(host, () -> host.shutDown(Duration.ofMillis(1 + random.nextInt(5_000))));
            case 8, 9 -> part(false);
            case 10, 11 -> part(true);
            case 12 -> heal();
            case 13, 14 -> {
                story.tell(host.name(), "has its links reset");
                network.reset(host.name());
            }
            case 15 -> withPair(host, (a, b) -> network.reset(a, b), "have their links reset");
            case 16 -> withPair(host, network::halfClose, "have their links half-closed");
            case 17 -> {
                story.tell(host.name(), "freezes");
                network.freeze(host.name(), millis(LONGEST_FREEZE));
            }
            case 18 -> withPair(host, (a, b) -> network.between(a, b).profile(profile()), "have another network");
            default -> actOfAUser(host);
        }
    }

    private void stop(SwarmHost host, Runnable way) {
        if (host.isUp()) {
            way.run();
            later(millis(random.nextBoolean() ? LONGEST_REST : Duration.ofSeconds(2)), () -> startIfDown(host));
        }
    }

    private static void startIfDown(SwarmHost host) {
        if (!host.isUp()) {
            host.start();
        }
    }

    /** A few hosts, or about half of them, and the rest hear each other no more; or only one side hears the other. */
    private void part(boolean oneWay) {
        int of = random.nextBoolean() ? 2 : 10;
        Set<String> these = new HashSet<>();
        Set<String> those = new HashSet<>();
        hosts.forEach(each -> (random.nextInt(of) == 0 ? these : those).add(each.name()));
        story.tell("", these + (oneWay ? " are not heard by " : " are cut off from ") + "the rest");
        if (oneWay) {
            these.forEach(a -> those.forEach(b -> network.partitionOneWay(a, b)));
        } else {
            network.partition(these, those);
        }
        later(millis(LONGEST_OUTAGE), this::heal);
    }

    private void heal() {
        story.tell("", "the network heals");
        network.heal();
    }

    private interface OnPair {
        void apply(String from, String to);
    }

    private void withPair(SwarmHost host, OnPair change, String what) {
        if (!host.wishes().isEmpty()) {
            Wish wish = wish(host);
            boolean there = random.nextBoolean();
            story.tell(wish.from(), wish.to(), what);
            change.apply(there ? wish.from() : wish.to(), there ? wish.to() : wish.from());
        }
    }

    private void actOfAUser(SwarmHost host) {
        if (host.wishes().isEmpty()) {
            return;
        }
        Wish wish = wish(host);
        if (random.nextBoolean()) {
            host.retry(wish);
        } else {
            host.disconnect(wish);
            later(millis(Duration.ofSeconds(10)), () -> host.want(wish));
        }
    }

    /** The last fault is over, and every host is up. */
    void end() {
        over = true;
        heal();
        network.profile(Weather.GOOD);
        story.tell("", "everything is good again");
        for (SwarmHost host : hosts) {
            startIfDown(host);
            host.wantAll();
        }
    }

    private void later(Duration delay, Runnable step) {
        network.after(delay, () -> {
            if (!over) {
                step.run();
            }
        });
    }

    private LinkProfile profile() {
        LinkProfile profile = LinkProfile.PERFECT.withLatency(Duration.ofMillis(1L + random.nextInt(100)));
        return switch (random.nextInt(4)) {
            case 0 -> profile.withJitter(Duration.ofMillis(1L + random.nextInt(50)));
            case 1 -> profile.withLoss(0.02);
            default -> profile;
        };
    }

    private SwarmHost host() {
        return hosts.get(random.nextInt(hosts.size()));
    }

    private Wish wish(SwarmHost host) {
        return host.wishes().get(random.nextInt(host.wishes().size()));
    }

    private Duration millis(Duration most) {
        return Duration.ofMillis(1 + random.nextInt((int) most.toMillis()));
    }
}
