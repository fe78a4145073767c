package io.weir.test.simulation;

import io.weir.core.stream.StreamId;
import io.weir.core.wire.FrameOrder;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.SessionState;
import io.weir.reactive.transport.lanes.Delays;
import io.weir.reactive.transport.lanes.LaneTransport;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import io.weir.test.simulation.Direction.Load;
import io.weir.test.simulation.Errand.Plan;
import io.weir.test.simulation.Intake.Appetite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Two to five nodes whose users talk over a network that breaks and heals, as a seed has it; then everything must be right
 * again, and nothing must be left. {@link #run} is one whole run.
 */
final class StreamSimulation implements AutoCloseable {

    /** From the last fault until everybody has a session and all that was wanted is done. */
    static final Duration PROGRESS = Duration.ofSeconds(30);

    /** Until every session has ended that the faults have doomed: the longest freeze, and the silence limit. */
    private static final Duration DISCOVERY = Duration.ofSeconds(9);

    private static final Duration STEP = Duration.ofMillis(50);
    private static final Duration QUIET = Duration.ofSeconds(6);
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    /** A link that nobody owns any more is given up by its host after as long at most: its last time-outs double too. */
    private static final Duration ORPHANED = Duration.ofMinutes(20);

    /** By which lanes are held back against each other, where they keep no order. */
    private static final long MOST_DELAY_NANOS = 40_000_000;

    private static final int[] WINDOWS = {1_024, 4_096, 65_536};
    private static final int[][] SIZES = {{4}, {100}, {1_000, 4}, {5_000, 50}, {20_000}};

    private final FrameOrder order;
    private final Random random;
    private final SimulatedNetwork network;
    private final List<String> hosts = new ArrayList<>();
    private final List<NodeOracle> oracles = new ArrayList<>();
    private final List<PeerNode> nodes = new ArrayList<>();
    private final List<NodeLimits> limits = new ArrayList<>();
    private final List<List<PeerSession>> sessions = new ArrayList<>();
    private final List<Partner> partners = new ArrayList<>();
    private final Map<String, Errand.Try> tries = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Dialogue dialogue = new Dialogue(violations::add);
    private final Weather weather;

    private StreamSimulation(long seed, FrameOrder order) {
        this.order = order;
        random = new Random(seed);
        network = SimulatedNetwork.seeded(seed);
        if (order == FrameOrder.NONE) {
            network.overDatagrams();
        }
        int count = 2 + (random.nextInt(3) == 0 ? random.nextInt(4) : 0);
        for (int i = 0; i < count; i++) {
            start("n" + i);
        }
        weather = new Weather(network, random, hosts);
        meet(random.nextInt(3));
    }

    /**
     * One whole run.
     *
     * @return how many sessions there were
     * @throws AssertionError if something is not as it must be, with all that is needed to run it again
     */
    static int run(long seed) {
        return run(seed, FrameOrder.TOTAL);
    }

    /**
     * The same.
     *
     * @param order what the ways between the nodes keep
     */
    static int run(long seed, FrameOrder order) {
        try (StreamSimulation simulation = new StreamSimulation(seed, order)) {
            try {
                simulation.run();
                return simulation.partners.stream().mapToInt(Partner::sessions).sum();
            } catch (Throwable e) {
                throw new AssertionError(e.getMessage() + "\n" + simulation.network.report(), e);
            }
        }
    }

    private void start(String host) {
        NodeLimits limit = NodeLimits.defaults()
                .withSilenceLimit(Duration.ofSeconds(3))
                .withConnectTimeout(Duration.ofSeconds(3))
                .withHandshakeTimeout(Duration.ofSeconds(3))
                .withDrainTimeout(Duration.ofMinutes(1)) // longer than any run: a timer left running shows
                .withRequestTimeout(Duration.ofSeconds(5))
                .withInitialWindowBytes(WINDOWS[random.nextInt(WINDOWS.length)]);
        PeerNodeSpec listener = network.listener(host);
        if (order == FrameOrder.PER_HALF) {
            listener = listener.transport(
                    new LaneTransport(network.transport(host), Delays.ofNanos(MOST_DELAY_NANOS), network.seed()));
        }
        PeerNodeSpec spec = dialogue.answering(listener).limits(limit);
        for (int i = 0; i < Epoch.DECLARED.size(); i++) {
            spec = spec.onStream(String.valueOf(i), Epoch.DECLARED.get(i), this::accept);
        }
        NodeOracle oracle = new NodeOracle(host);
        List<PeerSession> seen = new ArrayList<>();
        oracle.watching(spec).start().subscribe(started -> {
            nodes.add(started);
            oracle.started(started);
            started.sessions().subscribe(seen::add);
        });
        network.settle();
        hosts.add(host);
        oracles.add(oracle);
        limits.add(limit);
        sessions.add(seen);
    }

    private Publisher<Void> accept(PeerStream stream) {
        Errand.Try accepted = tries.get(String.valueOf(stream.headers().text("number")));
        if (accepted == null) {
            violations.add("a stream that nobody opened: " + stream);
        } else {
            accepted.accepted(stream);
        }
        return Mono.never();
    }

    /** A star, a chain, or everybody with everybody. */
    private void meet(int topology) {
        for (int i = 1; i < hosts.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (topology == 2 || j == (topology == 0 ? 0 : i - 1)) {
                    Partner partner = new Partner(network, hosts.get(i), nodes.get(i), hosts.get(j), violations::add);
                    int errands = 1 + random.nextInt(3);
                    for (int e = 0; e < errands; e++) {
                        partner.errands.add(errand(i, j, e));
                    }
                    partners.add(partner);
                }
            }
        }
    }

    private Errand errand(int from, int to, int number) {
        boolean endless = random.nextInt(4) == 0;
        Plan plan = new Plan(
                new StreamId(number + 1L),
                random.nextInt(Epoch.DECLARED.size()),
                Epoch.config(random.nextInt(1_000)),
                new int[] {
                    (int) limits.get(from).initialWindowBytes(),
                    (int) limits.get(to).initialWindowBytes()
                },
                load(endless),
                load(endless));
        String name = hosts.get(from) + ">" + hosts.get(to) + " stream " + number;
        return new Errand(name, network, plan, tries, violations::add);
    }

    private Load load(boolean endless) {
        int[] sizes = SIZES[random.nextInt(SIZES.length)];
        Appetite[] appetites = Appetite.values();
        return new Load(
                random.nextInt(sizes[0] > 1_000 ? 12 : 60),
                sizes,
                endless,
                appetites[random.nextInt(appetites.length)],
                order == FrameOrder.NONE);
    }

    private void run() {
        weather.begin();
        partners.forEach(Partner::connect);
        int changes = 2 + random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            network.advance(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 100 : 2_500)));
            check();
            weather.change();
            actOfAUser();
        }
        weather.end();
        partners.forEach(partner -> partner.errands.forEach(Errand::resume));
        until(() -> false, STEP, DISCOVERY);
        require(
                until(() -> partners.stream().allMatch(Partner::isDone), STEP, PROGRESS.minus(DISCOVERY)),
                () -> "no progress within " + PROGRESS + " of the last fault: " + unfinished());
        settle();
        farewell();
    }

    private List<Partner> unfinished() {
        return partners.stream().filter(partner -> !partner.isDone()).toList();
    }

    /** Talks, breaks something off, or ends a session. */
    private void actOfAUser() {
        Partner partner = partners.get(random.nextInt(partners.size()));
        PeerSession session = partner.live();
        if (session == null) {
            return;
        }
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> dialogue.ask(session, random.nextInt(random.nextInt(4) == 0 ? 40_000 : 100));
            case 3, 4 -> dialogue.tell(session, random.nextInt(random.nextInt(4) == 0 ? 40_000 : 100));
            case 5, 6 ->
                partner.errands.get(random.nextInt(partner.errands.size())).breakOff(random.nextInt(5));
            case 7 -> end(session);
            case 8 -> {
                List<PeerSession> accepted = sessions.get(hosts.indexOf(partner.peer));
                if (!accepted.isEmpty()) {
                    end(accepted.get(accepted.size() - 1));
                }
            }
            default -> {}
        }
    }

    private void end(PeerSession session) {
        if (random.nextBoolean()) {
            session.dispose();
        } else {
            session.close().subscribe();
        }
    }

    /** Nothing is under way any more, and the network is good: what is there is all there will be. */
    private void settle() {
        for (Partner partner : partners) {
            PeerSession session = partner.live();
            if (session != null) {
                dialogue.ask(session, 10);
                dialogue.tell(session, 10);
            }
        }
        network.advance(QUIET);
        check();
        require(
                partners.stream().allMatch(Partner::isDone),
                () -> "sessions live on when nothing happens: " + partners);
        partners.forEach(partner -> partner.errands.forEach(Errand::checkSettled));
        dialogue.checkSettled();
        failIfBroken();
    }

    private void farewell() {
        partners.forEach(Partner::leave);
        for (int i = 0; i < nodes.size(); i++) {
            PeerNode node = nodes.get(i);
            switch (random.nextInt(3)) {
                case 0 -> node.dispose();
                case 1 -> node.close().subscribe();
                default -> node.shutdown(Duration.ofSeconds(1)).subscribe(none -> {}, e -> {});
            }
        }
        until(() -> nodes.stream().allMatch(StreamSimulation::hasClosed) && network.timers() == 0, STEP, FAREWELL);
        oracles.forEach(NodeOracle::checkClosed);
        until(() -> network.links() == 0, Duration.ofSeconds(10), ORPHANED);
        NodeOracle.checkNothingLeft(network);
        for (List<PeerSession> seen : sessions) {
            require(seen.stream().allMatch(s -> s.state() == SessionState.CLOSED), () -> "not all have ended: " + seen);
        }
        partners.forEach(partner -> partner.errands.forEach(Errand::checkOver));
        dialogue.checkSettled();
        failIfBroken();
    }

    private static boolean hasClosed(PeerNode node) {
        return node.isDisposed() && node.onClose().toFuture().isDone();
    }

    private void check() {
        oracles.forEach(NodeOracle::check);
        for (int i = 0; i < nodes.size(); i++) {
            long reserved = nodes.get(i).reservedBytes();
            long most = limits.get(i).nodeBudgetBytes();
            require(reserved >= 0 && reserved <= most, () -> reserved + " bytes are reserved of " + most);
        }
        partners.forEach(partner -> partner.errands.forEach(Errand::check));
        failIfBroken();
    }

    private boolean until(BooleanSupplier condition, Duration step, Duration limit) {
        long end = network.nowNanos() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (network.nowNanos() >= end) {
                return false;
            }
            network.advance(step);
            check();
        }
        return true;
    }

    private void failIfBroken() {
        require(violations.isEmpty(), () -> String.join("\n  and ", violations));
    }

    private static void require(boolean legal, Supplier<@Nullable String> what) {
        if (!legal) {
            throw new AssertionError(what.get());
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
