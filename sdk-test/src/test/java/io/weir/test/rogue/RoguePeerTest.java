package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.node.ServedStreams;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rogue peer itself: dialling and dialled, on a simulated network and over TCP. */
class RoguePeerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void dialsOnASimulatedNetworkTheSameWayForTheSameSeed() {
        assertThat(traceOf(7)).isEqualTo(traceOf(7)).isNotEqualTo(traceOf(8));
    }

    private static String traceOf(long seed) {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(seed)) {
            List<PeerNode> nodes = new ArrayList<>();
            network.listener("node").start().subscribe(nodes::add);
            try (RoguePeer rogue =
                    RoguePeer.dial(network, "rogue", network.address("node")).session()) {
                rogue.send(new SessionFrame.Ping(7));
                assertThat(rogue.await(SessionFrame.Pong.class).token()).isEqualTo(7);
                assertThat(rogue.source()).hasToString("memory://rogue");
            }
            nodes.get(0).dispose();
            network.settle();
            return network.trace().text();
        }
    }

    @Test
    void isDialledOnASimulatedNetwork() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(7);
                RogueListener listener = RogueListener.in(network, "rogue")) {
            List<PeerSession> sessions = new ArrayList<>();
            List<PeerNode> nodes = new ArrayList<>();
            network.node("node").start().subscribe(nodes::add);
            nodes.get(0).connect(listener.address()).subscribe(sessions::add);
            try (RoguePeer rogue = listener.accept().session()) {
                assertThat(sessions)
                        .singleElement()
                        .satisfies(session -> assertThat(session.peer()).isEqualTo(rogue.id()));
            }
            assertThatThrownBy(listener::accept).isInstanceOf(AssertionError.class);
            nodes.get(0).dispose();
        }
    }

    @Test
    void isDialledOverTcp() {
        PeerNode node = Weir.node().startNow(PATIENCE);
        try (RogueListener listener = RogueListener.onLoopback()) {
            var session = node.connect(listener.address()).toFuture();
            try (RoguePeer rogue = listener.accept().session()) {
                assertThat(session)
                        .succeedsWithin(PATIENCE)
                        .satisfies(ready -> assertThat(ready.peer()).isEqualTo(rogue.id()));
            }
        } finally {
            node.dispose();
        }
    }

    @Test
    void readsNothingUntilItIsAskedWhatItHeard() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "source"));
            rogue.send(new CreditFrame.Window(3, 0, 10_000_000));
            victim.advance(Duration.ofSeconds(1));
            assertThat(victim.bytesUnderWayTo(rogue))
                    .as("two records and a little")
                    .isBetween(64 * 1024, 128 * 1024);

            long elements = rogue.heard().stream()
                    .filter(StreamFrame.Data.class::isInstance)
                    .count();
            assertThat(elements).isEqualTo(ServedStreams.SOURCE_ELEMENTS);
            assertThat(rogue.heard()).isEmpty();
        }
    }
}
