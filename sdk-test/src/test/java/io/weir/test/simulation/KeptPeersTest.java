package io.weir.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PreferredInitiator;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.WantedPeer;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Seeds;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes that all want each other, while they are killed, restarted, parted and reset at random. When that is over each pair
 * has one session, the same at both ends; and when all is closed nothing is left.
 */
class KeptPeersTest {
    private static final int NODES = 5;
    private static final int SEEDS = 8;
    private static final int EVENTS = 40;

    /** Silence is noticed, the longest delay is over, and the last to be awaited is dialled. */
    private static final Duration QUIET = Duration.ofMinutes(3);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyPairThatIsWantedEndsWithOneSession(boolean overDatagrams) {
        Seeds.from(1, SEEDS).forEach(seed -> {
            try (Neighbourhood neighbours = new Neighbourhood(seed, overDatagrams)) {
                neighbours.live();
                neighbours.checkConnected();
            }
        });
    }

    private static final class Neighbourhood implements AutoCloseable {
        private final SimulatedNetwork network;
        private final Random random;
        private final int links;
        private final ConnectionPolicy policy;
        private final Map<String, PeerNode> running = new LinkedHashMap<>();
        private final List<NodeOracle> oracles = new ArrayList<>();
        private final List<String> names = new ArrayList<>();

        Neighbourhood(long seed, boolean overDatagrams) {
            network = SimulatedNetwork.seeded(seed).profile(LinkProfile.WIFI);
            if (overDatagrams) {
                network.overDatagrams();
            }
            links = overDatagrams ? 0 : NODES * (NODES - 1) / 2;
            random = new Random(seed);
            PreferredInitiator[] initiators = {
                PreferredInitiator.EITHER,
                PreferredInitiator.LOWER_KEY,
                PreferredInitiator.SELF,
                PreferredInitiator.PEER
            };
            policy = ConnectionPolicy.defaults().withInitiator(initiators[(int) (seed % initiators.length)]);
            for (int i = 0; i < NODES; i++) {
                names.add("node" + i);
                start("node" + i);
            }
        }

        private void start(String name) {
            NodeOracle oracle = new NodeOracle(name);
            oracles.add(oracle);
            oracle.watching(network.listener(name).connections(policy)).start().subscribe(node -> {
                oracle.started(node);
                running.put(name, node);
                for (String other : names()) {
                    if (!other.equals(name)) {
                        node.peers().add(WantedPeer.of(network.identity(other).peerId(), network.address(other)));
                    }
                }
            });
            network.settle();
        }

        private static List<String> names() {
            List<String> all = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                all.add("node" + i);
            }
            return all;
        }

        void live() {
            for (int i = 0; i < EVENTS; i++) {
                network.advance(Duration.ofMillis(random.nextInt(10_000)));
                String one = any();
                String other = any();
                switch (random.nextInt(5)) {
                    case 0 -> kill(one);
                    case 1 -> restart(one);
                    case 2 -> part(one, other);
                    case 3 -> network.heal();
                    default -> network.reset(one, other);
                }
            }
            network.heal();
            names.forEach(this::restart);
            network.advance(QUIET);
        }

        private String any() {
            return names.get(random.nextInt(NODES));
        }

        private void kill(String name) {
            PeerNode node = running.remove(name);
            if (node != null) {
                network.note("kill " + name);
                node.dispose();
            }
        }

        private void restart(String name) {
            if (!running.containsKey(name)) {
                network.note("restart " + name);
                start(name);
            }
        }

        private void part(String one, String other) {
            if (one.equals(other)) {
                return;
            }
            if (random.nextBoolean()) {
                network.partition(Set.of(one), Set.of(other));
            } else {
                network.partitionOneWay(one, other);
            }
        }

        void checkConnected() {
            assertThat(running).as(network::report).hasSize(NODES);
            running.forEach((name, node) -> {
                assertThat(node.peers().list()).hasSize(NODES - 1);
                for (ManagedPeer peer : node.peers().list()) {
                    assertThat(peer.state())
                            .as(() -> name + " " + peer + "\n" + network.report())
                            .isInstanceOf(PeerState.Ready.class);
                }
            });
            assertThat(network.links()).as(network::report).isEqualTo(links);
            for (String one : names) {
                for (String other : names) {
                    if (!one.equals(other)) {
                        assertThat(session(one, other).initiator())
                                .as(network::report)
                                .isNotEqualTo(session(other, one).initiator());
                    }
                }
            }
        }

        private PeerSession session(String of, String with) {
            ManagedPeer peer = running.get(of)
                    .peers()
                    .find(network.identity(with).peerId())
                    .orElseThrow();
            return ((PeerState.Ready) peer.state()).session();
        }

        @Override
        public void close() {
            running.values().forEach(PeerNode::dispose);
            boolean quiet =
                    network.advanceUntil(() -> network.links() == 0 && network.timers() == 0, Duration.ofMinutes(20));
            assertThat(quiet).as(network::report).isTrue();
            oracles.forEach(NodeOracle::checkClosed);
            NodeOracle.checkNothingLeft(network);
            network.close();
        }
    }
}
