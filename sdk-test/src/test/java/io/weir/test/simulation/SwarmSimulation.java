package io.weir.test.simulation;

import static io.weir.test.simulation.SwarmCheck.require;

import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PreferredInitiator;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import io.weir.test.simulation.Acquaintances.Pair;
import io.weir.test.simulation.SwarmHost.Habits;
import io.weir.test.simulation.SwarmHost.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Fifty nodes that keep each other connected over a network that breaks and heals, while they are killed and start again, as
 * a seed has it; then there must be exactly one session for each pair of which one wants the other. Meanwhile they send to
 * all their peers, and nothing that was accepted may be lost untold. {@link #run} is one whole run.
 */
final class SwarmSimulation implements AutoCloseable {

    static final int HOSTS = 50;

    private static final NodeLimits LIMITS = NodeLimits.defaults();
    private static final ConnectionPolicy POLICY = ConnectionPolicy.defaults();

    /** From the last fault until every session has ended that the faults have doomed. */
    private static final Duration DISCOVERY = SwarmWeather.LONGEST_FREEZE.plus(LIMITS.silenceLimit());

    /**
     * From the last fault until all are connected: when all has been noticed, a dial may fail in its last moment, and again
     * after the longest delay, before one is made that nothing hinders, by the side that was to wait for the other.
     */
    static final Duration SETTLING = DISCOVERY
            .plus(LIMITS.connectTimeout()
                    .plus(LIMITS.handshakeTimeout())
                    .plus(POLICY.backoff().cap())
                    .multipliedBy(2))
            .plus(POLICY.awaitInbound());

    /** Then nothing changes for so long. */
    private static final Duration QUIET = LIMITS.silenceLimit().plusSeconds(1);

    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration FAREWELL = Duration.ofSeconds(20);

    /** A link that nobody owns any more is given up by its host after as long at most: its last time-outs double too. */
    private static final Duration ORPHANED = Duration.ofMinutes(20);

    private static final int TOLD_OF_ALL = 40;
    private static final int MOST_BYTES = 20_000;

    private static final Map<String, Identity> IDENTITIES = new ConcurrentHashMap<>();

    private final Random random;
    private final SimulatedNetwork network;
    private final Map<String, SwarmHost> hosts = new LinkedHashMap<>();
    private final List<Wish> wishes;
    private final List<String> violations = new ArrayList<>();
    private final Story story;
    private final RouteAccounts accounts = new RouteAccounts(violations::add);
    private final SwarmCheck check;
    private final SwarmWeather weather;
    private long payloads;

    private SwarmSimulation(long seed, boolean overDatagrams) {
        random = new Random(seed);
        network = SimulatedNetwork.seeded(seed);
        if (overDatagrams) {
            network.overDatagrams();
        }
        story = new Story(network);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
            names.add("n" + i);
        }
        wishes = Acquaintances.of(names, random);
        names.forEach(name -> hosts.put(name, host(name)));
        check = new SwarmCheck(network, hosts, wishes, story);
        weather = new SwarmWeather(network, random, List.copyOf(hosts.values()), story);
    }

    private SwarmHost host(String name) {
        PreferredInitiator[] initiators = PreferredInitiator.values();
        List<Wish> own =
                wishes.stream().filter(wish -> wish.from().equals(name)).toList();
        ConnectionPolicy policy = POLICY.withInitiator(initiators[random.nextInt(initiators.length)]);
        return new SwarmHost(
                network,
                name,
                SwarmSimulation::identity,
                new Habits(policy, random.nextInt(5) == 0),
                own,
                new Watch(story, accounts, violations::add));
    }

    /** The same in each run, since making it costs as much as a dial. */
    private static Identity identity(String host) {
        return IDENTITIES.computeIfAbsent(
                host, name -> Identity.generate(new SplittableRandom(name.hashCode())::nextBytes));
    }

    /**
     * One whole run.
     *
     * @throws AssertionError if something is not as it must be, with all that is needed to run it again
     */
    static SwarmTally run(long seed) {
        return run(seed, false);
    }

    /** The same, over datagrams or over stream links. */
    static SwarmTally run(long seed, boolean overDatagrams) {
        try (SwarmSimulation simulation = new SwarmSimulation(seed, overDatagrams)) {
            try {
                simulation.run();
                return simulation.tally();
            } catch (Throwable e) {
                throw new AssertionError(
                        e.getMessage() + "\nwhat has happened:" + simulation.story.last(TOLD_OF_ALL) + "\n"
                                + simulation.network.report(),
                        e);
            }
        }
    }

    private void run() {
        weather.begin();
        int changes = 8 + random.nextInt(18);
        for (int i = 0; i < changes; i++) {
            network.advance(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 2_000 : 20_000)));
            check();
            weather.change();
            sendToAll(random.nextInt(4));
        }
        weather.end();
        all().forEach(host -> host.post().ifPresent(RoutePost::takeAll));
        until(() -> false, DISCOVERY);
        require(
                until(check::isSettled, SETTLING.minus(DISCOVERY)),
                () -> "after " + SETTLING + " there are" + check.wrong());
        Map<Pair, List<PeerSession>> settled = check.sessions();
        until(() -> false, QUIET);
        require(
                check.isSettled() && check.sessions().equals(settled),
                () -> "though nothing happens there are" + check.wrong());
        check.requireTimersOfSessionsOnly();
        Map<PeerSession, String> answers = check.ask();
        until(() -> false, ANSWER);
        check.requireAnswers(answers);
        all().forEach(this::sendToAllPeers);
        until(() -> false, ANSWER);
        accounts.checkSettled();
        farewell();
    }

    /** So many hosts do, while the slow ones take something. */
    private void sendToAll(int count) {
        List<SwarmHost> choice = new ArrayList<>(all());
        for (int i = 0; i < count; i++) {
            int size = random.nextInt(3) == 0 ? random.nextInt(MOST_BYTES) : 0;
            choice.get(random.nextInt(choice.size())).post().ifPresent(post -> post.sendAll(++payloads, size));
        }
        all().forEach(host -> host.post().ifPresent(post -> post.take(random.nextInt(3))));
    }

    private void sendToAllPeers(SwarmHost host) {
        int accepted = host.post().map(post -> post.sendAll(++payloads, 0)).orElse(0);
        require(
                accepted == host.live().size(),
                () -> host.name() + " has " + host.live() + ", but only " + accepted + " took what it sent to all");
    }

    private void farewell() {
        for (SwarmHost host : all()) {
            switch (random.nextInt(4)) {
                case 0 -> host.kill();
                case 1 -> host.losePower();
                case 2 -> host.close();
                default -> host.shutDown(Duration.ofSeconds(1));
            }
        }
        until(() -> network.timers() == 0, FAREWELL);
        all().forEach(host -> host.runs().forEach(NodeOracle::checkClosed));
        until(() -> network.links() == 0, ORPHANED);
        NodeOracle.checkNothingLeft(network);
        for (SwarmHost host : all()) {
            require(host.live().isEmpty(), () -> host.name() + ": not all have ended: " + host.live());
        }
        accounts.checkSettled();
        check();
    }

    private void check() {
        all().forEach(host -> host.runs().forEach(NodeOracle::check));
        require(violations.isEmpty(), () -> String.join("\n  and ", violations));
    }

    private boolean until(BooleanSupplier condition, Duration limit) {
        long end = network.nowNanos() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (network.nowNanos() >= end) {
                return false;
            }
            network.advance(STEP);
            check();
        }
        return true;
    }

    private SwarmTally tally() {
        return all().stream()
                .map(host -> new SwarmTally(
                        host.ready(),
                        host.ends().refused(ErrorCode.DUPLICATE_SESSION),
                        host.ends().closed(ErrorCode.REPLACED),
                        0,
                        0))
                .reduce(new SwarmTally(0, 0, 0, accounts.received(), accounts.unconfirmed()), SwarmTally::plus);
    }

    private Collection<SwarmHost> all() {
        return hosts.values();
    }

    @Override
    public void close() {
        network.close();
    }
}
