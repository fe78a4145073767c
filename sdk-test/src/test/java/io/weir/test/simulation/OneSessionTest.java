package io.weir.test.simulation;

import static io.weir.core.error.ErrorCode.DUPLICATE_SESSION;
import static io.weir.core.error.ErrorCode.REPLACED;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Seeds;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes that both dial each other, whenever they like and under two addresses, while links are slow, break and lose a
 * direction, and nodes crash and start again: in the end there is one session, the same at both ends.
 */
class OneSessionTest {
    private static final int SEEDS_IN_ONE_TEST = 52;

    /** In a quarter of them everything happens that may. */
    private static final int SEEDS_FOR_EVERYTHING = SEEDS_IN_ONE_TEST / 4;

    private static final Duration TROUBLE = Duration.ofSeconds(25);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void twoNodesThatDialEachOtherEndWithOneSession(int part) {
        checkAll(part, seed -> network(seed, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void twoNodesThatDialEachOtherOverDatagramsEndWithOneSession(int part) {
        checkAll(part, seed -> network(seed, true));
    }

    private static void checkAll(int part, LongFunction<SimulatedNetwork> networks) {
        long[] seeds = Seeds.from(1 + (long) part * SEEDS_IN_ONE_TEST, SEEDS_IN_ONE_TEST)
                .toArray();
        List<Neighbour> nodes = new ArrayList<>();
        for (long seed : seeds) {
            nodes.addAll(check(seed, networks.apply(seed)));
        }
        if (seeds.length >= SEEDS_FOR_EVERYTHING) {
            assertThat(nodes)
                    .as("some refuse a second connection")
                    .anyMatch(node -> node.refused(DUPLICATE_SESSION) > 0);
            assertThat(nodes).as("some replace a session").anyMatch(node -> node.ended(REPLACED) > 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void theDialOfTheLowerKeySurvivesWhereBothBeginAtOnce(boolean expecting, boolean datagrams) {
        Seeds.from(1, 20).forEach(seed -> checkSurvivor(seed, expecting, datagrams));
    }

    private static void checkSurvivor(long seed, boolean expecting, boolean datagrams) {
        try (SimulatedNetwork network = network(seed, datagrams)) {
            network.profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)));
            List<PeerNode> nodes = new ArrayList<>();
            network.listener("a").start().subscribe(nodes::add);
            network.listener("b").start().subscribe(nodes::add);
            network.settle();
            PeerNode a = nodes.get(0);
            PeerNode b = nodes.get(1);
            List<PeerSession> sessions = new ArrayList<>();
            a.connect(network.address("b").expecting(expecting ? b.id() : null)).subscribe(sessions::add);
            b.connect(network.address("a").expecting(expecting ? a.id() : null)).subscribe(sessions::add);
            network.advance(Duration.ofSeconds(2));
            assertThat(sessions).hasSize(2);
            PeerNode lower = a.id().compareTo(b.id()) < 0 ? a : b;
            for (PeerSession session : sessions) {
                boolean atLower = !session.peer().equals(lower.id());
                assertThat(session.initiator()).isEqualTo(atLower);
            }
            assertThat(network.links()).isEqualTo(datagrams ? 0 : 1);
            nodes.forEach(PeerNode::dispose);
            network.advance(Duration.ofSeconds(2));
            NodeOracle.checkNothingLeft(network);
        }
    }

    private static SimulatedNetwork network(long seed, boolean datagrams) {
        SimulatedNetwork network = SimulatedNetwork.seeded(seed);
        return datagrams ? network.overDatagrams() : network;
    }

    private static List<Neighbour> check(long seed, SimulatedNetwork network) {
        Random random = new Random(seed);
        profile(network, "a", "b", random);
        profile(network, "b", "a", random);
        Neighbour a = new Neighbour(network, "a", "b", random);
        Neighbour b = new Neighbour(network, "b", "a", random);
        try (network) {
            a.start();
            b.start();
            trouble(network, List.of(a, b), random);
            network.advance(TROUBLE);
            network.heal();
            network.advance(Duration.ofSeconds(90));
            assertOneSession(network, a, b);
            a.stop();
            b.stop();
            network.advanceUntil(() -> network.links() == 0 && network.timers() == 0, Duration.ofMinutes(20));
            assertNothingLost(a, b);
            assertNothingLost(b, a);
            List.of(a, b).forEach(node -> node.runs().forEach(NodeOracle::checkClosed));
            NodeOracle.checkNothingLeft(network);
            return List.of(a, b);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(network.report(), e);
        }
    }

    private static void profile(SimulatedNetwork network, String from, String to, Random random) {
        LinkProfile profile = LinkProfile.PERFECT
                .withLatency(Duration.ofMillis(random.nextInt(80)))
                .withJitter(Duration.ofMillis(random.nextInt(40)));
        network.between(from, to).profile(profile);
    }

    private static void trouble(SimulatedNetwork network, List<Neighbour> nodes, Random random) {
        int events = random.nextInt(12);
        for (int i = 0; i < events; i++) {
            Neighbour node = nodes.get(random.nextInt(2));
            String from = random.nextBoolean() ? "a" : "b";
            String to = from.equals("a") ? "b" : "a";
            Runnable event = switch (random.nextInt(7)) {
                case 0 -> () -> network.partitionOneWay(from, to);
                case 1 ->
                    () -> {
                        network.partitionOneWay(from, to);
                        network.partitionOneWay(to, from);
                    };
                case 2 -> network::heal;
                case 3 -> () -> network.reset(from, to);
                case 4 -> node::crash;
                case 5 -> node::cancel;
                default -> node::dialAgain;
            };
            network.after(Duration.ofMillis(random.nextInt((int) TROUBLE.toMillis())), event);
        }
    }

    private static void assertOneSession(SimulatedNetwork network, Neighbour a, Neighbour b) {
        assertThat(a.live()).as("live at a").hasSize(1);
        assertThat(b.live()).as("live at b").hasSize(1);
        PeerSession atA = a.live().get(0);
        PeerSession atB = b.live().get(0);
        assertThat(atA.initiator()).isNotEqualTo(atB.initiator());
        List<String> numbers = new ArrayList<>();
        a.otherEnd().subscribe(numbers::add);
        network.advance(Duration.ofSeconds(2));
        b.otherEnd().subscribe(numbers::add);
        network.advance(Duration.ofSeconds(2));
        assertThat(numbers).containsExactly(Long.toString(atB.id()), Long.toString(atA.id()));
    }

    private static void assertNothingLost(Neighbour asking, Neighbour answering) {
        assertThat(asking.ended(DUPLICATE_SESSION))
                .as("ready, then told to be one too many")
                .isZero();
        assertThat(asking.ends().keySet()).isEqualTo(asking.asked());
        asking.ends().forEach((question, end) -> {
            int times = answering.answered().getOrDefault(question, 0);
            assertThat(times)
                    .as("answers to %d, which ended with %s", question, end)
                    .isBetween(end.equals("reply") ? 1 : 0, 1);
            assertThat(end).doesNotContain(" | ");
        });
    }
}
