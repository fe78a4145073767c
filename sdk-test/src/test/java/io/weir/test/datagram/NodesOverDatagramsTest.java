package io.weir.test.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Nodes that meet over datagrams. */
class NodesOverDatagramsTest {

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(1).overDatagrams().profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)));
    private final List<PeerNode> nodes = new ArrayList<>();
    private final List<PeerSession> sessions = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();

    @Test
    void aSessionCarriesAStream() {
        List<String> received = new ArrayList<>();
        network.listener("server")
                .onStream("words", stream -> stream.send(Flux.just("a", "b", "c"), Codec.utf8()))
                .start()
                .subscribe(nodes::add, errors::add);
        network.node("client").start().subscribe(nodes::add, errors::add);
        network.settle();
        nodes.get(1).connect(network.address("server")).subscribe(sessions::add, errors::add);
        network.advance(Duration.ofMillis(100));
        assertThat(errors).isEmpty();
        assertThat(sessions).hasSize(1);

        sessions.get(0)
                .openStream("words", io.weir.core.stream.StreamConfig.reliable())
                .receive(Codec.utf8())
                .subscribe(received::add, errors::add);
        network.advance(Duration.ofSeconds(1));

        assertThat(received).containsExactly("a", "b", "c");
        nodes.forEach(PeerNode::dispose);
        network.advance(Duration.ofSeconds(5));
        assertThat(nodes).allMatch(PeerNode::isDisposed);
        assertThat(network.timers()).isZero();
    }
}
