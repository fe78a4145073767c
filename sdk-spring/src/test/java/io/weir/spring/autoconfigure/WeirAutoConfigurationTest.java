package io.weir.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.Weir;
import io.weir.core.error.ConnectException;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.dispatch.Workers;
import io.weir.spring.NamedPeers;
import io.weir.spring.PeerNodeCustomizer;
import io.weir.spring.WeirCodecs;
import io.weir.spring.WeirRequestHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.PropertyNamingStrategies;

class WeirAutoConfigurationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    JacksonAutoConfiguration.class,
                    WeirAutoConfiguration.class,
                    WeirClientsAutoConfiguration.class,
                    WeirPortAutoConfiguration.class))
            .withPropertyValues("weir.listen=tcp://127.0.0.1:0", "weir.stop-grace=0s");

    record Price(String symbol, int cents) {}

    @Configuration(proxyBeanMethods = false)
    static class Answering {

        private final Peer self;

        /** A bean may know peers before the node is there. */
        Answering(PeerNode node) {
            self = node.peer(Identity.generate().peerId());
        }

        @WeirRequestHandler("price")
        Mono<Price> price(String symbol) {
            return Mono.just(new Price(symbol, 42));
        }
    }

    @Test
    void nodeListensAndAnswers() {
        runner.withUserConfiguration(Answering.class).run(context -> {
            PeerNode node = context.getBean(PeerNode.class);
            assertThat(node.id()).isEqualTo(context.getBean(Identity.class).peerId());
            assertThat(context.getEnvironment().getProperty("local.weir.port", Integer.class))
                    .isEqualTo(node.port());

            asking(
                    node,
                    session -> assertThat(session.request("price", "ACME", Codec.utf8(), Codec.json(Price.class))
                                    .block(PATIENCE))
                            .isEqualTo(new Price("ACME", 42)));
        });
    }

    @Test
    void thereIsNoneWhereItIsSwitchedOff() {
        runner.withPropertyValues("weir.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(PeerNode.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class Lenient {
        @Bean
        JsonMapperBuilderCustomizer upperCase() {
            return builder -> builder.propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE);
        }
    }

    @Test
    void codecsUseTheApplicationsMapper() {
        runner.withUserConfiguration(Lenient.class)
                .run(context -> assertThat(new String(
                                context.getBean(WeirCodecs.class)
                                        .of(Price.class)
                                        .toBytes(new Price("A", 1)),
                                StandardCharsets.UTF_8))
                        .isEqualTo("{\"Symbol\":\"A\",\"Cents\":1}"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Customized {

        @Bean
        @Order(2)
        PeerNodeCustomizer second(List<String> called) {
            return spec -> {
                called.add("second");
                return spec.onRequest(
                        "name", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just(text)));
            };
        }

        @Bean
        @Order(1)
        PeerNodeCustomizer first(List<String> called) {
            return spec -> {
                called.add("first");
                return spec.limits(NodeLimits.defaults().withMaxSessions(1));
            };
        }

        @Bean
        List<String> called() {
            return new ArrayList<>();
        }
    }

    @Test
    void customizersComeLastInTheirOrder() {
        runner.withUserConfiguration(Customized.class, Answering.class)
                .withPropertyValues("weir.limits.max-sessions=5")
                .run(context -> {
                    assertThat(context.getBean("called")).isEqualTo(List.of("first", "second"));
                    asking(context.getBean(PeerNode.class), session -> {
                        assertThat(session.request("name", "x", Codec.utf8(), Codec.utf8())
                                        .block(PATIENCE))
                                .isEqualTo("x");
                        assertThat(session.request("price", "ACME", Codec.utf8(), Codec.json(Price.class))
                                        .block(PATIENCE))
                                .isNotNull();
                    });
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Blocking {

        @WeirRequestHandler("thread")
        String thread() {
            return Thread.currentThread().toString();
        }
    }

    @Test
    void methodsThatMayBlockAreCalledByWorkersWhereThereAreSome() {
        assertThat(calledBy()).contains("boundedElastic");
        assertThat(calledBy("weir.workers.threads=2", "weir.workers.waiting=3")).contains("weir-worker-1");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void workersMayBeVirtual() {
        assertThat(calledBy("weir.workers.threads=2", "weir.workers.virtual=true"))
                .contains("VirtualThread")
                .contains("weir-worker-");
    }

    @Test
    void workersEndWithTheApplication() {
        AtomicReference<Workers> workers = new AtomicReference<>();
        runner.withPropertyValues("weir.workers.threads=2").run(context -> {
            workers.set(context.getBean(Workers.class));
            assertThat(workers.get().isDisposed()).isFalse();
        });
        assertThat(workers.get().isDisposed()).isTrue();
    }

    private String calledBy(String... properties) {
        AtomicReference<String> thread = new AtomicReference<>();
        runner.withUserConfiguration(Blocking.class)
                .withPropertyValues(properties)
                .run(context -> asking(
                        context.getBean(PeerNode.class),
                        session -> thread.set(session.request("thread", "", Codec.utf8(), Codec.utf8())
                                .block(PATIENCE))));
        return thread.get();
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnWorkers {
        @Bean
        Workers own() {
            return Workers.create("own", 1);
        }

        @Bean
        HandlerThreads threads() {
            return new HandlerThreads(Schedulers.parallel());
        }
    }

    @Test
    void ownWorkersTakeThePlaceOfThoseOfPropertiesAndOwnThreadsThatOfAllWorkers() {
        runner.withUserConfiguration(Blocking.class, OwnWorkers.class)
                .withPropertyValues("weir.workers.threads=2")
                .run(context -> {
                    assertThat(context).hasSingleBean(Workers.class).hasBean("own");
                    asking(
                            context.getBean(PeerNode.class),
                            session -> assertThat(session.request("thread", "", Codec.utf8(), Codec.utf8())
                                            .block(PATIENCE))
                                    .contains("parallel"));
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class TooEarly {
        TooEarly(PeerNode node) {
            assertThatIllegalStateException().isThrownBy(node::port).withMessageContaining("has not started");
        }
    }

    @Test
    void whatOnlyARunningNodeKnowsIsRefusedBeforeThat() {
        runner.withUserConfiguration(TooEarly.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void configuredPeersAreKeptConnectedAndCalledByName() {
        PeerNode prices = answering("price of ");
        try {
            runner.withPropertyValues(
                            "weir.peers.prices.addresses=" + prices.addresses().get(0))
                    .run(context -> {
                        PeerCalls peer = context.getBean(NamedPeers.class).calls("prices");
                        assertThat(peer.request("price", "ACME", Codec.utf8(), Codec.utf8())
                                        .block(PATIENCE))
                                .isEqualTo("price of ACME");
                        assertThat(context.getBean(PeerNode.class).peers().find(prices.id()))
                                .get()
                                .satisfies(kept -> assertThat(kept.state()).isInstanceOf(PeerState.Ready.class));
                    });
        } finally {
            prices.dispose();
        }
    }

    @Test
    void brokenPeerDoesNotStopTheApplication() {
        runner.withPropertyValues("weir.peers.broken.addresses=tcp://127.0.0.1:1", "weir.limits.session-wait=0s")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(NamedPeers.class)
                                    .calls("broken")
                                    .request("r", "", Codec.utf8(), Codec.utf8())
                                    .materialize()
                                    .block(PATIENCE)
                                    .getThrowable())
                            .isInstanceOf(ConnectException.class);
                });
    }

    @Test
    void peerThatIsThisNodeItselfIsLeftOut() {
        runner.withPropertyValues(
                        "weir.listen=tcp://127.0.0.1:17421", "weir.peers.self.addresses=tcp://127.0.0.1:17421")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(PeerNode.class).peers().list()).isEmpty();
                });
    }

    @Test
    void twoNodesOnOnePortAreExplained() {
        PeerNode first = answering("");
        try {
            failing("weir.listen=tcp://127.0.0.1:" + first.port(), analysis -> {
                assertThat(analysis.getDescription()).contains("weir.listen").contains(":" + first.port());
                assertThat(analysis.getAction()).contains("port 0 takes a free one");
            });
        } finally {
            first.dispose();
        }
    }

    @Test
    void wrongValuesAreExplainedByPropertyValueAndRange() {
        failing(
                "weir.limits.max-sessions=0",
                analysis -> assertThat(analysis.getDescription())
                        .contains("'weir.limits.max-sessions'")
                        .contains("Invalid value '0'")
                        .contains("legal: 1 to 1000000"));
        failing(
                "weir.limits.max-sessions=many",
                analysis -> assertThat(analysis.getDescription())
                        .contains("weir.limits.max-sessions")
                        .contains("many"));
        failing(
                "weir.cipher=rot13",
                analysis -> assertThat(analysis.getDescription() + analysis.getAction())
                        .contains("weir.cipher")
                        .contains("rot13")
                        .contains("AESGCM"));
        failing(
                "weir.network-key=c2VjcmV0",
                analysis -> assertThat(analysis.getDescription())
                        .contains("weir.network-key")
                        .doesNotContain("c2VjcmV0"));
        failing(
                "weir.identity.location=/nowhere/key.json",
                analysis -> assertThat(analysis.getDescription())
                        .contains("weir.identity.location")
                        .contains("/nowhere/key.json"));
    }

    private void failing(String property, Consumer<FailureAnalysis> check) {
        AtomicReference<ConfigurableApplicationContext> source = new AtomicReference<>();
        runner.withInitializer(source::set).withPropertyValues(property).run(context -> {
            assertThat(context).hasFailed();
            check.accept(Failures.analysis(source.get(), context.getStartupFailure()));
        });
    }

    private static PeerNode answering(String prefix) {
        return Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onRequest(
                        "price", RequestHandler.typed(Codec.utf8(), Codec.utf8(), symbol -> Mono.just(prefix + symbol)))
                .startNow(PATIENCE);
    }

    private static void asking(PeerNode node, Consumer<PeerSession> check) {
        PeerNode client = Weir.node().startNow(PATIENCE);
        try {
            check.accept(client.connectNow(node.addresses().get(0), PATIENCE));
        } finally {
            client.dispose();
        }
    }
}
