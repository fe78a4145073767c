package io.weir.samples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.codec.Codec;
import io.weir.samples.market.Quote;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;

class StoppingTest {

    @Test
    void gatewayThatStopsEndsItsEndlessResponsesInGoodOrder() {
        PeerNode publisher = Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onStream(
                        "quotes",
                        stream -> stream.send(
                                Flux.just(new Quote("ACME", 0, 42, "here")).concatWith(Flux.never()),
                                Codec.json(Quote.class)))
                .startNow(Duration.ofSeconds(30));
        ConfigurableApplicationContext gateway = new SpringApplicationBuilder(Gateway.class)
                .run(
                        "--server.port=0",
                        "--weir.peers.publisher.addresses=" + publisher.addresses().get(0));
        Browser browser = new Browser(
                ((WebServerApplicationContext) gateway).getWebServer().getPort(), "ACME", -1);
        try {
            assertThat(browser.next().source()).isEqualTo("here");
        } finally {
            gateway.close();
            publisher.dispose();
        }

        browser.readToTheEnd();
    }
}
