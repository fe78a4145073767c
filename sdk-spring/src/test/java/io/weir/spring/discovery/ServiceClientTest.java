package io.weir.spring.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.Weir;
import io.weir.core.balance.PeerSelector;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.Balancing;
import io.weir.reactive.PeerDiscovery;
import io.weir.reactive.PeerNode;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirRequest;
import io.weir.spring.WeirServices;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.autoconfigure.WeirClientsAutoConfiguration;
import io.weir.spring.autoconfigure.WeirDiscoveryAutoConfiguration;
import io.weir.spring.autoconfigure.WeirRegistrationAutoConfiguration;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Clients of services: whose peers are found, and each of whose calls goes to one of them. */
class ServiceClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PeerNode one = answering("one");
    private final PeerNode two = answering("two");
    private final Sinks.Many<Set<PeerAddress>> sets = Sinks.many().replay().latest();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    JacksonAutoConfiguration.class,
                    WeirAutoConfiguration.class,
                    WeirClientsAutoConfiguration.class,
                    WeirDiscoveryAutoConfiguration.class,
                    WeirRegistrationAutoConfiguration.class))
            .withBean(Balancing.class, () -> Balancing.defaults().withSelector(PeerSelector.roundRobin()))
            .withPropertyValues("weir.stop-grace=0s");

    interface Names {
        @WeirRequest("name")
        Mono<String> name();
    }

    private static PeerNode answering(String name) {
        return Weir.node()
                .listen(PeerAddress.tcp("127.0.0.1", 0))
                .onRequest("name", RequestHandler.typed(Codec.bytes(), Codec.utf8(), nothing -> Mono.just(name)))
                .startNow(PATIENCE);
    }

    @AfterEach
    void close() {
        one.dispose();
        two.dispose();
    }

    @Test
    void callsAreSpreadOverWhomABeanOfThatNameFinds() {
        runner.withBean("names", PeerDiscovery.class, () -> sets::asFlux).run(context -> {
            Names names = client(context);
            sets.tryEmitNext(Set.of(place(one), place(two))).orThrow();
            awaitAnswers(names, Set.of("one", "two"));

            sets.tryEmitNext(Set.of(place(two))).orThrow();
            awaitAnswers(names, Set.of("two"));
        });
    }

    @Test
    void callsAreSpreadOverWhomSpringCloudFinds() {
        GivenEngine engine = new GivenEngine()
                .names(GivenEngine.instance(
                        "127.0.0.1", InstanceAddress.metadata(one.addresses().get(0), one.id())));
        runner.withBean(ReactiveDiscoveryClient.class, () -> engine)
                .run(context ->
                        assertThat(client(context).name().block(PATIENCE)).isEqualTo("one"));
    }

    @Test
    void serviceThatNothingFindsIsRefused() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.cloud"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .getBean(WeirServices.class)
                        .satisfies(services -> assertThatIllegalArgumentException()
                                .isThrownBy(() -> services.calls("names"))
                                .withMessageContaining("\"names\"")));
    }

    @Test
    void springCloudIsNotAskedWhereThatIsSwitchedOff() {
        runner.withBean(ReactiveDiscoveryClient.class, GivenEngine::new)
                .withPropertyValues("weir.discovery.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(ServiceFinder.class)
                        .doesNotHaveBean(NodeMetadata.class));
    }

    private static Names client(ApplicationContext context) {
        return context.getBean(WeirClients.class)
                .create(Names.class, context.getBean(WeirServices.class).calls("names"));
    }

    /** From some call on four in a row are answered by these, and all of these. */
    private static void awaitAnswers(Names names, Set<String> expected) {
        names.name()
                .repeat()
                .buffer(4)
                .filter(four -> Set.copyOf(four).equals(expected))
                .blockFirst(PATIENCE);
    }

    private static PeerAddress place(PeerNode node) {
        return node.addresses().get(0).expecting(node.id());
    }
}
