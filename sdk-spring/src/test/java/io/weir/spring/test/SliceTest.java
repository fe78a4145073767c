package io.weir.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ApplicationException;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.spring.test.app.NotForTests;
import io.weir.spring.test.app.OtherShop;
import io.weir.spring.test.app.Shop;
import io.weir.spring.test.app.ShopApplication;
import io.weir.spring.test.app.ShopApplication.Price;
import io.weir.test.TestNodes;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * Spring's own extension for JUnit wants JUnit 6, which Boot brings to its users and this build does not have: a test of
 * samples/gateway runs by it, and these prepare what it would.
 */
class SliceTest {

    private final Slice slice = new Slice();
    private TestContextManager manager;
    private TestNodes nodes;

    @WeirTest(properties = "weir.limits.request-timeout=7s")
    @ContextConfiguration(classes = {ShopApplication.class, Peers.class})
    static class Slice {
        @Autowired
        TestNodes nodes;

        @Autowired
        Shop shop;

        @Autowired
        OtherShop other;

        @Autowired
        ApplicationContext context;
    }

    @BeforeEach
    void prepare() throws Exception {
        manager = new TestContextManager(Slice.class);
        manager.prepareTestInstance(slice);
        nodes = slice.nodes;
    }

    @AfterEach
    void close() {
        manager.getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
    }

    @Configuration(proxyBeanMethods = false)
    static class Peers {
        @Bean
        TestPeer otherShop() {
            return spec -> spec.onRequest(
                    "price",
                    RequestHandler.typed(
                            Codec.utf8(),
                            Codec.json(Price.class),
                            symbol -> symbol.equals("SLOW") ? Mono.never() : Mono.just(new Price(symbol, 41))));
        }
    }

    private PeerSession peer() {
        return nodes.session("peer", "application");
    }

    @Test
    void handlersAnswerAndClientsAskTheOtherNode() {
        StepVerifier.create(peer().request("price", "ACME", Codec.utf8(), Codec.json(Price.class)))
                .expectNext(new Price("ACME", 42))
                .verifyComplete();
        StepVerifier.create(slice.other.price("ACME"))
                .expectNext(new Price("ACME", 41))
                .verifyComplete();
        StepVerifier.create(
                        peer().exchange("count", Mono.just(2), Codec.json(Integer.class), Codec.json(Integer.class)))
                .expectNext(1, 2)
                .verifyComplete();
    }

    @Test
    void errorsOfTheApplicationCross() {
        StepVerifier.create(peer().request("price", "NONE", Codec.utf8(), Codec.json(Price.class)))
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOfSatisfying(
                                ApplicationException.class,
                                it -> assertThat(it.code()).isEqualTo(7)));
    }

    @Test
    void handlersThatMayBlockRunInTheTestsThread() {
        StepVerifier.create(peer().send("tell", "text", Codec.utf8())).verifyComplete();

        assertThat(slice.shop.told).contains("text");
    }

    @Test
    void timeIsVirtual() {
        StepVerifier.create(nodes.within(Duration.ofSeconds(8), slice.other.price("SLOW")))
                .verifyErrorSatisfies(e -> assertThat(e).hasMessageContaining("REQUEST_TIMEOUT"));
    }

    @Test
    void nodeOfTheApplicationIsTheOneThatIsConnected() {
        assertThat(slice.context.getBean(PeerNode.class).id())
                .isEqualTo(nodes.node("application").id());
        assertThat(slice.context.getBeanNamesForType(NotForTests.class)).isEmpty();
    }
}
