package io.weir.spring.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.PeerCalls;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.spring.WeirClient;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.autoconfigure.WeirClientsAutoConfiguration;
import io.weir.spring.client.app.Prices;
import io.weir.spring.client.app.PricesApplication;
import io.weir.test.TestNodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

/** Which clients are beans, and whom they ask. */
class ClientBeansTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    JacksonAutoConfiguration.class, WeirAutoConfiguration.class, WeirClientsAutoConfiguration.class))
            .withUserConfiguration(PricesApplication.class)
            .withPropertyValues("weir.stop-grace=0s");

    @Test
    void beanOfTheNameIsAskedBeforeAConfiguredPeer() {
        try (TestNodes nodes = TestNodes.pair(
                node -> node,
                node -> node.onRequest(
                        "price", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just("of a bean"))))) {
            runner.withBean("prices", PeerCalls.class, nodes::session)
                    .withPropertyValues("weir.peers.prices.addresses=tcp://127.0.0.1:1")
                    .run(context -> assertThat(
                                    context.getBean(Prices.class).price("ACME").block())
                            .isEqualTo("of a bean"));
        }
    }

    @Test
    void peerThatNobodyHasConfiguredEndsTheStartAlsoWhereNobodyUsesTheClient() {
        runner.withPropertyValues("weir.peers.other.addresses=tcp://127.0.0.1:1", "name.of.peer=missing")
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis = new InvalidClientFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .contains(Prices.class.getName())
                            .contains("\"missing\"");
                    assertThat(analysis.getAction())
                            .contains("weir.peers.missing.addresses")
                            .contains("[other]");
                });
    }

    @Test
    void beanOfTheApplicationsOwnComesFirst() {
        Prices own = symbol -> Mono.just("mine");
        runner.withBean("own", Prices.class, () -> own)
                .withPropertyValues("weir.peers.prices.addresses=tcp://127.0.0.1:1")
                .run(context -> assertThat(context.getBean(Prices.class)).isSameAs(own));
    }

    @WeirClient(service = "missing")
    interface OfNoService {}

    @WeirClient
    interface OfNobody {}

    @WeirClient(value = "prices", service = "prices")
    interface OfBoth {}

    @ParameterizedTest
    @CsvSource({
        "OfNoService, the service \"missing\", spring-cloud-starter-zookeeper-discovery",
        "OfNobody, names nobody, @WeirClient(service",
        "OfBoth, names a peer, @WeirClient(service"
    })
    void clientThatIsForNoOneEndsTheStart(String name, String problem, String help) throws ClassNotFoundException {
        Class<?> type = Class.forName(getClass().getName() + "$" + name);
        runner.withPropertyValues("weir.peers.prices.addresses=tcp://127.0.0.1:1")
                .withBean("client", ClientFactoryBean.class, () -> new ClientFactoryBean<>(type))
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis = new InvalidClientFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .contains(type.getName())
                            .contains(problem);
                    assertThat(analysis.getAction()).contains(help);
                });
    }
}
