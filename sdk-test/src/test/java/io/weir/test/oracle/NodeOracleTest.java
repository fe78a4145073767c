package io.weir.test.oracle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.reactive.PeerNode;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeOracleTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(1);
    private final NodeOracle server = new NodeOracle("server");
    private final List<PeerNode> nodes = new ArrayList<>();

    private void start() {
        server.watching(network.listener("server")).start().subscribe(node -> {
            server.started(node);
            nodes.add(node);
        });
        network.node("client").start().subscribe(nodes::add);
        network.settle();
        nodes.get(1).connect(network.address("server")).subscribe();
        network.settle();
    }

    @Test
    void acceptsANodeThatIsClosedAndFindsOneThatIsNot() {
        start();
        assertThatThrownBy(server::checkClosed)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("were ready and never ended");
        assertThatThrownBy(() -> NodeOracle.checkNothingLeft(network))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("1 links and [1-9].* timers are left");

        nodes.forEach(PeerNode::dispose);
        network.advance(LONG);
        server.checkClosed();
        NodeOracle.checkNothingLeft(network);
    }

    @Test
    void findsANodeThatCountsOtherSessionsThanItTellsOf() {
        start();
        NodeOracle deaf = new NodeOracle("deaf");
        deaf.started(nodes.get(0));
        nodes.forEach(PeerNode::dispose);
        network.advance(LONG);
        assertThatThrownBy(deaf::checkClosed)
                .isInstanceOf(AssertionError.class)
                .hasMessage("deaf: 1 sessions were counted as opened, should be 0");
    }

    @Test
    void findsASessionThatIsReadyTwice() {
        start();
        NodeOracle confused = new NodeOracle("confused");
        for (int i = 0; i < 2; i++) {
            nodes.get(0).events().subscribe(confused::onEvent); // each subscriber hears what is live first
        }
        assertThatThrownBy(confused::check).isInstanceOf(AssertionError.class).hasMessageContaining("ConnectionReady");
    }
}
