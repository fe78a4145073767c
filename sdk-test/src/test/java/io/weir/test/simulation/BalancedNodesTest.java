package io.weir.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.balance.PeerSelector;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.Balancing;
import io.weir.reactive.PeerGroup;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Seeds;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.NodeOracle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Clients that spread their requests over servers which drain, stop, are killed, fall silent behind a broken network and come back: true
 * nodes on a simulated network. No request is run twice, none is left without an end, and only those fail that were at a server that was
 * killed or cut off.
 */
class BalancedNodesTest {

    private static final int CLIENTS = 6;
    private static final int SERVERS = 5;
    private static final int SEEDS = 4;
    private static final int EVENTS = 24;
    private static final Duration QUIET = Duration.ofMinutes(2);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noRequestIsRunTwiceAndWhatAServerRefusesAnotherOneAnswers(boolean withKills) {
        Seeds.from(1, SEEDS).forEach(seed -> {
            try (Town town = new Town(seed, withKills)) {
                town.live();
                town.check();
            }
        });
    }

    private static final class Town implements AutoCloseable {

        private static final Codec<Integer> NUMBER =
                Codec.of(number -> ByteBuffer.allocate(Integer.BYTES).putInt(0, number), buffer -> buffer.getInt());

        private final SimulatedNetwork network;
        private final Random random;
        private final boolean withKills;
        private final Map<String, PeerNode> running = new LinkedHashMap<>();
        private final List<NodeOracle> oracles = new ArrayList<>();
        private final List<PeerGroup> groups = new ArrayList<>();
        private final Sinks.Many<Set<PeerAddress>> discovered =
                Sinks.many().replay().latest();
        private final BitSet run = new BitSet();
        private final BitSet answered = new BitSet();
        private final BitSet failed = new BitSet();
        private final Map<ErrorCode, Integer> failures = new EnumMap<>(ErrorCode.class);
        private final List<String> faults = new ArrayList<>();
        private int requests;
        private boolean ending;

        Town(long seed, boolean withKills) {
            this.network = SimulatedNetwork.seeded(seed).profile(LinkProfile.WIFI);
            this.random = new Random(seed);
            this.withKills = withKills;
            servers().forEach(this::serve);
            announce();
            IntStream.range(0, CLIENTS).forEach(i -> begin("client" + i));
            network.advance(Duration.ofSeconds(10));
        }

        private static List<String> servers() {
            return IntStream.range(0, SERVERS).mapToObj(i -> "server" + i).toList();
        }

        private void serve(String name) {
            start(
                    name,
                    spec -> spec.onRequest("number", RequestHandler.<Integer, Integer>typed(NUMBER, NUMBER, number -> {
                        if (run.get(number)) {
                            faults.add("request " + number + " was run twice");
                        }
                        run.set(number);
                        return Mono.just(number)
                                .delayElement(Duration.ofMillis(1 + random.nextInt(40)), network.time());
                    })));
        }

        private void begin(String name) {
            PeerNode node = start(name, spec -> spec);
            PeerSelector selector =
                    groups.size() % 2 == 0 ? PeerSelector.powerOfTwoChoices() : PeerSelector.roundRobin();
            groups.add(node.peers()
                    .balanced(() -> discovered.asFlux(), Balancing.defaults().withSelector(selector)));
            int index = groups.size() - 1;
            network.after(pause(), () -> ask(groups.get(index)));
        }

        private PeerNode start(String name, UnaryOperator<PeerNodeSpec> declaring) {
            NodeOracle oracle = new NodeOracle(name);
            oracles.add(oracle);
            oracle.watching(declaring.apply(network.listener(name))).start().subscribe(node -> {
                oracle.started(node);
                running.put(name, node);
            });
            network.settle();
            return running.get(name);
        }

        /** Whom a registry would name: those that run and were not cut off for long. */
        private void announce() {
            Set<PeerAddress> there = new HashSet<>();
            servers().stream().filter(running::containsKey).forEach(name -> there.add(network.address(name)));
            discovered.tryEmitNext(there).orThrow();
        }

        private Duration pause() {
            return Duration.ofMillis(10 + random.nextInt(40));
        }

        private void ask(PeerGroup group) {
            int number = requests++;
            group.request("number", number, NUMBER, NUMBER).subscribe(answer -> answered(number, answer), e -> {
                ended(number, failed);
                failures.merge(((WeirException) e).reason().error(), 1, Integer::sum);
            });
            if (!ending) {
                network.after(pause(), () -> ask(group));
            }
        }

        private void answered(int number, int answer) {
            ended(number, answered);
            if (answer != number || !run.get(number)) {
                faults.add("request " + number + " got " + answer);
            }
        }

        private void ended(int number, BitSet how) {
            if (answered.get(number) || failed.get(number)) {
                faults.add("request " + number + " ended twice");
            }
            how.set(number);
        }

        // ---- what happens

        void live() {
            for (int i = 0; i < EVENTS; i++) {
                network.advance(Duration.ofMillis(random.nextInt(6_000)));
                String server = servers().get(random.nextInt(SERVERS));
                switch (random.nextInt(withKills ? 5 : 2)) {
                    case 0 -> shutDown(server);
                    case 1 -> restart();
                    case 2 -> kill(server);
                    case 3 -> network.reset("client" + random.nextInt(CLIENTS), server);
                    default -> network.after(Duration.ofMillis(100), this::announce);
                }
            }
            restart();
            announce();
            network.advance(QUIET);
        }

        /** One always stays, so that there is somebody to ask. */
        private @Nullable PeerNode taken(String name) {
            long left = servers().stream().filter(running::containsKey).count();
            return left > 1 ? running.remove(name) : null;
        }

        private void shutDown(String name) {
            PeerNode node = taken(name);
            if (node != null) {
                network.note("shut down " + name);
                node.shutdown(Duration.ofSeconds(10)).subscribe();
                announce();
            }
        }

        private void kill(String name) {
            PeerNode node = taken(name);
            if (node != null) {
                network.note("kill " + name);
                node.dispose();
            }
        }

        private void restart() {
            servers().stream().filter(name -> !running.containsKey(name)).forEach(name -> {
                network.note("restart " + name);
                serve(name);
            });
            announce();
        }

        // ---- what must hold

        void check() {
            ending = true;
            network.advance(Duration.ofMinutes(1));
            String about = failures + ", " + network.report();
            assertThat(faults).as(about).isEmpty();
            assertThat(answered.cardinality() + failed.cardinality()).as(about).isEqualTo(requests);
            if (!withKills) {
                assertThat(failures).as(about).isEmpty();
            }
            assertThat(failures.keySet())
                    .as(about)
                    .isSubsetOf(
                            ErrorCode.LINK_LOST, ErrorCode.NODE_CLOSED, ErrorCode.SILENCE, ErrorCode.REQUEST_TIMEOUT);
            assertThat(failed.cardinality()).as(about).isLessThan(requests / 20);
            for (PeerGroup group : groups) {
                assertThat(group.members()).as(about).hasSize(SERVERS).allMatch(PeerGroup.Member::ready);
                assertThat(group.members()).as(about).allMatch(member -> member.requests() == 0);
            }
        }

        @Override
        public void close() {
            groups.forEach(PeerGroup::dispose);
            running.values().forEach(PeerNode::dispose);
            network.advanceUntil(() -> network.links() == 0 && network.timers() == 0, Duration.ofMinutes(20));
            oracles.forEach(NodeOracle::checkClosed);
            NodeOracle.checkNothingLeft(network);
            network.close();
        }
    }
}
