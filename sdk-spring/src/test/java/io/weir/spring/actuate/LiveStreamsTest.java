package io.weir.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class LiveStreamsTest {

    @Test
    void keepsAtMostAThousandAndForgetsWhatEnds() {
        LiveStreams streams = new LiveStreams();
        try (TestNodes nodes = TestNodes.pair(
                node -> node.observer(streams),
                node -> node.limits(NodeLimits.defaults().withMaxStreams(2_000))
                        .onStream("s", stream -> stream.send(Flux.never(), Codec.utf8())))) {
            PeerStream first = nodes.session().openStream("s");
            first.receive(Codec.utf8()).subscribe();
            for (int i = 0; i < LiveStreams.MOST_KEPT + 5; i++) {
                nodes.session().subscribe("s", Codec.utf8()).subscribe();
            }
            assertThat(streams.size()).isEqualTo(LiveStreams.MOST_KEPT);

            first.dispose();
            assertThat(streams.size()).isEqualTo(LiveStreams.MOST_KEPT - 1);
            nodes.session().subscribe("s", Codec.utf8()).subscribe();
            assertThat(streams.of(nodes.session().id())).hasSize(LiveStreams.MOST_KEPT);

            nodes.session().dispose();
            nodes.settle();
            assertThat(streams.size()).isZero();
        }
    }
}
