package io.weir.test.simulation;

import io.weir.core.path.PathStats;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.transport.lanes.Delays;
import io.weir.reactive.transport.lanes.LaneTransport;
import io.weir.reactive.transport.packets.LossyTransport;
import io.weir.test.network.Scenario;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The ways between the two nodes of a {@link Pair}: how they are made and broken, and when all has come that is under way. */
final class Ways {

    /** By which packets are held back. */
    private static final Delays DELAYS = Delays.ofNanos(Duration.ofMillis(1).toNanos());

    /** In which all has come that was under way in packets, however often it was lost. */
    private static final Duration REPAIR_TIME = Duration.ofSeconds(1);

    /** Where elements that a small window lets go one by one take hours. */
    private static final Set<Scenario> TOO_SLOW =
            Set.of(Scenario.HANDSHAKE_LOSS, Scenario.HANDSHAKE_CORRUPTION, Scenario.LONG_ROUND_TRIP);

    private static final double DOUBLED = 0.05;
    private static final double OVERTAKEN = 0.1;

    /** What nothing over datagrams takes longer than. */
    private static final Duration LIMIT = Duration.ofMinutes(25);

    private static final Duration STEP = Duration.ofMillis(20);

    /** So many steps in a row nothing is in flight: what was heard has been answered, and what the answer allows has been sent. */
    private static final int STEPS_AT_REST = 10;

    private final Carriage carriage;
    private final SimulatedNetwork network;
    private final long seed;
    private final CutTransport links;
    private long inFlightBytes;

    Ways(Carriage carriage, SimulatedNetwork network) {
        this.carriage = carriage;
        this.network = network;
        seed = network.seed();
        links = new CutTransport(network.transport("A"));
        if (carriage == Carriage.DATAGRAMS) {
            network.overDatagrams().traceDatagrams(false);
            play(scenario());
        }
    }

    private Scenario scenario() {
        List<Scenario> scenarios =
                Scenario.all().stream().filter(s -> !TOO_SLOW.contains(s)).toList();
        return scenarios.get(Math.floorMod(seed, scenarios.size()));
    }

    private void play(Scenario scenario) {
        network.play(
                new Scenario(
                        scenario.name(),
                        scenario.profile().withDuplication(DOUBLED).withReordering(OVERTAKEN),
                        scenario.blackHole(),
                        scenario.addressChangeEvery()),
                "A",
                "B");
    }

    /** A node to be: A that dials, or B that listens. */
    PeerNodeSpec node(int side) {
        PeerNodeSpec spec = side == 0 ? network.node("A") : network.listener("B");
        var transport = side == 0 ? links : network.transport("B");
        return switch (carriage) {
            case LINKS -> spec.transport(transport);
            case LANES -> spec.transport(new LaneTransport(transport, Delays.OF_TURNS, seed + side));
            case PACKETS -> spec.transport(new LossyTransport(transport, DELAYS, seed + side));
            case DATAGRAMS -> spec;
        };
    }

    /** Breaks the way that there is. Both ends have to {@link #end notice}. */
    void cut() {
        if (carriage == Carriage.DATAGRAMS) {
            network.partition(Set.of("A"), Set.of("B"));
        } else {
            links.cut();
        }
    }

    /** Lets a session be made, if one is to be. */
    void meet(BooleanSupplier met) {
        if (carriage == Carriage.DATAGRAMS) {
            network.advanceUntil(met, LIMIT);
        } else {
            calm(List.of());
        }
    }

    /** Lets both ends hear that the session has ended. The way is whole again then. */
    void end(BooleanSupplier ended) {
        if (carriage == Carriage.DATAGRAMS) {
            network.advanceUntil(ended, LIMIT);
            network.heal();
        } else {
            calm(List.of());
        }
    }

    /** Lets both nodes close. */
    void close(List<PeerNode> nodes) {
        if (carriage == Carriage.DATAGRAMS) {
            network.advanceUntil(() -> network.timers() == 0 && nodes.stream().allMatch(PeerNode::isDisposed), LIMIT);
        } else {
            calm(List.of());
        }
    }

    /**
     * Lets everything happen that needs no more time than it takes to send again what was lost.
     *
     * @param sessions those at both ends
     */
    void calm(List<PeerSession> sessions) {
        switch (carriage) {
            case LINKS, LANES -> network.settle();
            case PACKETS -> network.advance(REPAIR_TIME);
            case DATAGRAMS -> rest(sessions);
        }
    }

    private void rest(List<PeerSession> sessions) {
        network.settle();
        long until = network.nowNanos() + LIMIT.toNanos();
        for (int quiet = 0; quiet < STEPS_AT_REST; ) {
            network.advance(STEP);
            quiet = isQuiet(sessions) ? quiet + 1 : 0;
            if (network.nowNanos() > until) {
                throw new AssertionError("something is still in flight after " + LIMIT);
            }
        }
    }

    private boolean isQuiet(List<PeerSession> sessions) {
        inFlightBytes = 0;
        for (PeerSession session : sessions) {
            session.pathStats().subscribe(this::add);
        }
        return inFlightBytes == 0;
    }

    private void add(PathStats stats) {
        inFlightBytes += stats.bytesInFlight();
    }
}
