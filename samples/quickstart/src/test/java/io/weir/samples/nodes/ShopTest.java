package io.weir.samples.nodes;

import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import io.weir.test.TestNodesSpec;
import io.weir.test.WeirNodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A test of one's own program: the nodes are given, closed and searched for leaks. */
@ExtendWith(WeirNodes.class)
final class ShopTest {

    private static PeerNodeSpec shop(PeerNodeSpec spec) {
        return spec.onRequest(
                "price",
                RequestHandler.typed(Codec.utf8(), Codec.json(Integer.class), item -> Mono.just(item.length())));
    }

    @Test
    void tellsThePrice(TestNodesSpec spec) {
        TestNodes nodes = spec.node("client").node("shop", ShopTest::shop).start();

        StepVerifier.create(nodes.session().request("price", "chair", Codec.utf8(), Codec.json(Integer.class)))
                .expectNext(5)
                .verifyComplete();
    }

    @Test
    void everyNodeOfAMeshAsksEveryOther() {
        try (TestNodes nodes = TestNodes.mesh(3, (name, spec) -> shop(spec))) {
            StepVerifier.create(
                            nodes.session("c", "a").request("price", "table", Codec.utf8(), Codec.json(Integer.class)))
                    .expectNext(5)
                    .verifyComplete();
        }
    }
}
