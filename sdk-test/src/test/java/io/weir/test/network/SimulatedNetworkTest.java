package io.weir.test.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNode;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

final class SimulatedNetworkTest {

    @Test
    void perfectLinkTakesNoTime() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(1)) {
            List<String> heard = new ArrayList<>();
            List<PeerNode> nodes = new ArrayList<>();
            network.listener("server")
                    .onStream("words", stream -> stream.send(Flux.just("a", "b", "c"), Codec.utf8()))
                    .start()
                    .subscribe(nodes::add);
            network.node("client").start().subscribe(nodes::add);
            nodes.get(1)
                    .connect(network.address("server"))
                    .flatMapMany(session ->
                            session.openStream("words", StreamConfig.reliable()).receive(Codec.utf8()))
                    .subscribe(heard::add);
            network.settle();

            assertThat(heard).containsExactly("a", "b", "c");
            assertThat(network.nowNanos()).isZero();

            nodes.forEach(PeerNode::dispose);
            network.advance(Duration.ofSeconds(2));
            assertThat(network.links()).isZero();
            assertThat(network.timers()).isZero();
        }
    }
}
