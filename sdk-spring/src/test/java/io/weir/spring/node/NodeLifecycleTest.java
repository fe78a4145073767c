package io.weir.spring.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class NodeLifecycleTest {

    private static final Duration GRACE = Duration.ofSeconds(20);

    private final List<TestNodes> started = new ArrayList<>();
    private final List<Object> events = new ArrayList<>();
    private final ApplicationNode node = new ApplicationNode();

    /** The node of the application beside another one, which answers. */
    private PeerNode start(UnaryOperator<PeerNodeSpec> declaring) {
        TestNodes nodes = TestNodes.spec()
                .node("application", declaring)
                .node(
                        "peer",
                        spec -> spec.onRequest(
                                        "who",
                                        RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just("peer")))
                                .onStream(
                                        "endless",
                                        stream -> stream.send(Flux.just("one").concatWith(Flux.never()), Codec.utf8())))
                .start();
        started.add(nodes);
        return nodes.node("application");
    }

    private NodeLifecycle lifecycle(Duration grace) {
        return new NodeLifecycle(this::start, spec -> spec, node, new ConfiguredPeers(Map.of()), events::add, grace);
    }

    @AfterEach
    void close() {
        started.forEach(TestNodes::close);
    }

    private TestNodes nodes() {
        return started.get(started.size() - 1);
    }

    private PeerId peer() {
        return nodes().node("peer").id();
    }

    @Test
    void stopsBehindTheWebServerAndStartsBeforeItAndTellsToStopAboveBoth() {
        assertThat(NodeLifecycle.PHASE).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
        assertThat(StopSignal.PHASE).isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
        assertThat(lifecycle(GRACE).isPauseable()).isFalse();
        assertThat(new StopSignal().isPauseable()).isFalse();
    }

    @Test
    void startTellsTheContainer() {
        NodeLifecycle lifecycle = lifecycle(GRACE);

        lifecycle.start();

        assertThat(lifecycle.isRunning()).isTrue();
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        NodeStarted.class, event -> assertThat(event.node()).isSameAs(node));
    }

    @Test
    void stopDrainsAndCallsBackWhenAllHasEnded() {
        NodeLifecycle lifecycle = lifecycle(GRACE);
        lifecycle.start();
        List<String> told = new ArrayList<>();
        PeerStream stream = nodes().session("application", "peer").openStream("endless");
        stream.receive(Codec.utf8()).subscribe(told::add);

        lifecycle.stop(() -> told.add("stopped"));
        nodes().settle();
        assertThat(told).containsExactly("one");
        assertThat(lifecycle.isRunning()).isFalse();

        stream.dispose();
        nodes().settle();
        assertThat(told).containsExactly("one", "stopped");
        assertThat(node.isDisposed()).isTrue();
    }

    @Test
    void whatDoesNotEndIsCutOffByTheGrace() {
        NodeLifecycle lifecycle = lifecycle(GRACE);
        lifecycle.start();
        List<String> told = new ArrayList<>();
        nodes().session("application", "peer")
                .subscribe("endless", Codec.utf8())
                .subscribe(told::add, e -> {});

        lifecycle.stop(() -> told.add("stopped"));

        nodes().advance(GRACE.minusMillis(1));
        assertThat(told).containsExactly("one");
        nodes().advance(Duration.ofSeconds(1));
        assertThat(told).containsExactly("one", "stopped");
    }

    @Test
    void withoutGraceItClosesAtOnce() {
        NodeLifecycle lifecycle = lifecycle(Duration.ZERO);
        lifecycle.start();
        List<String> told = new ArrayList<>();
        nodes().session("application", "peer")
                .subscribe("endless", Codec.utf8())
                .subscribe(told::add, e -> {});

        lifecycle.stop(() -> told.add("stopped"));

        assertThat(told).containsExactly("one", "stopped");
        assertThat(node.isDisposed()).isTrue();
    }

    @Test
    void peerIsGoodBeforeTheStartAndAfterAnotherOne() {
        NodeLifecycle lifecycle = lifecycle(Duration.ZERO);
        lifecycle.start();
        PeerId id = peer();
        Peer peer = node.peer(id);
        StepVerifier.create(peer.request("who", "", Codec.utf8(), Codec.utf8()))
                .expectNext("peer")
                .verifyComplete();

        lifecycle.stop();
        StepVerifier.create(peer.failFast().request("who", "", Codec.utf8(), Codec.utf8()))
                .verifyErrorSatisfies(
                        e -> assertThat(((WeirException) e).reason().error()).isEqualTo(ErrorCode.NODE_CLOSED));

        lifecycle.start();
        assertThat(peer()).as("the seed makes the same keys").isEqualTo(id);
        StepVerifier.create(peer.failFast().request("who", "", Codec.utf8(), Codec.utf8()))
                .expectNext("peer")
                .verifyComplete();
        assertThat(lifecycle.isRunning()).isTrue();
    }

    @Test
    void peerThatIsAskedBeforeTheStartSaysSo() {
        StepVerifier.create(node.peer(Identity.generate().peerId()).session())
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("has not started"));
    }

    @Test
    void stopSignalTellsThoseWhoSubscribedBeforeAndAfterEachStart() {
        StopSignal signal = new StopSignal();
        List<String> told = new ArrayList<>();
        signal.begun().subscribe(null, null, () -> told.add("before the start"));
        signal.start();
        signal.begun().subscribe(null, null, () -> told.add("after the start"));
        assertThat(told).isEmpty();

        signal.stop();
        assertThat(told).containsExactly("before the start", "after the start");

        signal.start();
        signal.begun().subscribe(null, null, () -> told.add("again"));
        assertThat(told).hasSize(2);
        signal.stop();
        assertThat(told).last().isEqualTo("again");
    }
}
