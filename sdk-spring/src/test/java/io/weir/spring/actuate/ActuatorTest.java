package io.weir.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.metrics.WeirMetrics;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.dispatch.Workers;
import io.weir.spring.NamedPeers;
import io.weir.spring.actuate.NodeEndpoint.NodeView;
import io.weir.spring.actuate.NodeEndpoint.SessionView;
import io.weir.spring.actuate.NodeEndpoint.WorkersView;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.autoconfigure.WeirEndpointAutoConfiguration;
import io.weir.spring.autoconfigure.WeirHealthAutoConfiguration;
import io.weir.spring.autoconfigure.WeirMetricsAutoConfiguration;
import io.weir.spring.autoconfigure.WeirObservationAutoConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** What operators see of a node, and where it is bound by itself. */
class ActuatorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PeerNode peer = Weir.node()
            .listen(PeerAddress.tcp("127.0.0.1", 0))
            .onRequest("echo", RequestHandler.typed(Codec.utf8(), Codec.utf8(), Mono::just))
            .onStream("endless", stream -> stream.send(Flux.just("one").concatWith(Flux.never()), Codec.utf8()))
            .startNow(PATIENCE);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    JacksonAutoConfiguration.class,
                    WeirAutoConfiguration.class,
                    WeirEndpointAutoConfiguration.class,
                    WeirHealthAutoConfiguration.class,
                    WeirMetricsAutoConfiguration.class,
                    WeirObservationAutoConfiguration.class))
            .withPropertyValues(
                    "weir.listen=tcp://127.0.0.1:0",
                    "weir.stop-grace=0s",
                    "weir.peers.test.addresses=" + peer.addresses().get(0),
                    "management.endpoints.web.exposure.include=weir");

    @AfterEach
    void close() {
        peer.dispose();
    }

    @Test
    void healthIsUpAndTellsWhereThePeersAreAt() {
        runner.run(context -> {
            connected(context);

            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("id", context.getBean(PeerNode.class).id().toString())
                    .containsEntry("sessions", 1)
                    .containsEntry("peers", Map.of("test", "Ready"));
        });
    }

    @Test
    void healthIsDownWhereARequiredPeerIsMissingAndUpWhereAnotherIs() {
        runner.withPropertyValues("weir.peers.gone.addresses=tcp://127.0.0.1:1")
                .run(context -> assertThat(health(context).getStatus()).isEqualTo(Status.UP));
        runner.withPropertyValues("weir.peers.gone.addresses=tcp://127.0.0.1:1", "weir.peers.gone.required=true")
                .run(context -> {
                    assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
                    assertThat(health(context).getDetails().get("missing").toString())
                            .isEqualTo("[gone]");
                });
    }

    @Test
    void healthOfANodeThatDoesNotRunIsOutOfService() {
        runner.run(context -> {
            context.getBean(PeerNode.class).dispose();

            assertThat(health(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        });
    }

    @Test
    void endpointTellsSessionsStreamsPeersAndStatistics() {
        runner.run(context -> {
            ManagedPeer managed = connected(context);
            managed.request("echo", "x", Codec.utf8(), Codec.utf8()).block(PATIENCE);
            managed.subscribe("endless", Codec.utf8()).take(1).blockLast(PATIENCE);
            var open = managed.subscribe("endless", Codec.utf8()).replay();
            open.connect();
            open.next().block(PATIENCE);

            NodeEndpoint endpoint = context.getBean(NodeEndpoint.class);
            NodeView node = Objects.requireNonNull(endpoint.node());
            assertThat(node.liveSessions()).isEqualTo(1);
            assertThat(node.peers()).singleElement().satisfies(kept -> {
                assertThat(kept.id()).isEqualTo(peer.id().toString());
                assertThat(kept.state()).isEqualTo("Ready");
            });
            assertThat(node.stats().sessions()).isEqualTo(1);
            assertThat(node.stats().asked()).containsExactly(Map.entry(ErrorCode.NONE, 1L));
            SessionView session = Objects.requireNonNull(
                    endpoint.session(node.sessions().get(0).id()));
            assertThat(session.peer()).isEqualTo(peer.id().toString());
            assertThat(session.messages().requestsReplied()).isEqualTo(1);
            assertThat(session.streams()).singleElement().satisfies(stream -> {
                assertThat(stream.name()).isEqualTo("endless");
                assertThat(stream.received()).isEqualTo(1);
            });
            assertThat(context.getBean(JsonMapper.class).writeValueAsString(node))
                    .contains("\"direction\":\"OUTBOUND\"")
                    .contains("\"cipher\":\"")
                    .contains("\"asked\":{\"NONE\":1}");
            assertThat(endpoint.session(4_711)).isNull();
        });
    }

    /** Of three calls one runs, one waits and one is refused, until they may go on. */
    @Test
    void endpointTellsOfEachWorkersHowManyAreBusyAndWait() {
        runner.run(context -> assertThat(told(context).workers()).isEmpty());
        runner.withBean("others", Workers.class, () -> Workers.create("others", 2))
                .run(context -> assertThat(told(context).workers())
                        .containsOnly(Map.entry("others", new WorkersView(2, Workers.DEFAULT_WAITING, 0, 0, 0, 0))));
        runner.withPropertyValues("weir.workers.threads=1", "weir.workers.waiting=1")
                .run(context -> {
                    Workers own = context.getBean("weirWorkers", Workers.class);
                    CountDownLatch begun = new CountDownLatch(1);
                    CountDownLatch going = new CountDownLatch(1);
                    own.queue().submit("a", () -> await(begun, going), () -> {});
                    assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                    own.queue().submit("a", () -> {}, () -> {});
                    own.queue().submit("a", () -> {}, () -> {});

                    assertThat(told(context).workers())
                            .containsOnly(Map.entry("weirWorkers", new WorkersView(1, 1, 1, 1, 0, 1)));
                    assertThat(context.getBean(JsonMapper.class).writeValueAsString(told(context)))
                            .contains("\"weirWorkers\":{")
                            .contains("\"busy\":1");

                    going.countDown();
                    Flux.interval(Duration.ofMillis(10))
                            .filter(i -> own.stats().done() == 2)
                            .next()
                            .block(PATIENCE);
                    assertThat(told(context).workers()).containsEntry("weirWorkers", new WorkersView(1, 1, 0, 0, 2, 1));
                });
    }

    private static void await(CountDownLatch begun, CountDownLatch going) {
        begun.countDown();
        try {
            going.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static NodeView told(ApplicationContext context) {
        return Objects.requireNonNull(context.getBean(NodeEndpoint.class).node());
    }

    @Test
    void endpointIsNotThereWhereItIsNotExposed() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(NodeEndpoint.class));
    }

    @Test
    void metersAreBoundWhereThereIsARegistry() {
        runner.run(context -> assertThat(context).doesNotHaveBean(WeirMetrics.class));
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run(context -> {
            connected(context);

            assertThat(context.getBean(MeterRegistry.class)
                            .get("weir.sessions")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        });
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("weir.metrics.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(WeirMetrics.class));
    }

    @Test
    void observationsAreBoundWhereThereIsARegistry() {
        TestObservationRegistry observations = TestObservationRegistry.create();
        runner.withBean(TestObservationRegistry.class, () -> observations).run(context -> {
            connected(context).request("echo", "x", Codec.utf8(), Codec.utf8()).block(PATIENCE);

            TestObservationRegistryAssert.assertThat(observations)
                    .hasAnObservationWithAKeyValue("weir.outcome", "success")
                    .hasObservationWithNameEqualTo("weir.client.request");
        });
    }

    private static Health health(ApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(NodeHealthIndicator.class).health().block(PATIENCE));
    }

    /** The peer that is configured, connected. */
    private static ManagedPeer connected(ApplicationContext context) {
        assertThat(context.getBean(NamedPeers.class).names()).contains("test");
        ManagedPeer managed = context.getBean(PeerNode.class).peers().list().get(0);
        managed.session().block(PATIENCE);
        return managed;
    }
}
