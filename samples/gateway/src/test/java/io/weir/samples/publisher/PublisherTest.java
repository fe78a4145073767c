package io.weir.samples.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.samples.market.Price;
import io.weir.spring.test.WeirTest;
import io.weir.test.TestNodes;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.test.StepVerifier;

@WeirTest
class PublisherTest {
    @Autowired
    TestNodes nodes;

    @Test
    void tellsThePrice() {
        PeerSession peer = nodes.session("peer", "application");
        StepVerifier.create(peer.request("price", "ACME", Codec.utf8(), Codec.json(Price.class)))
                .assertNext(price -> assertThat(price.symbol()).isEqualTo("ACME"))
                .verifyComplete();
    }
}
