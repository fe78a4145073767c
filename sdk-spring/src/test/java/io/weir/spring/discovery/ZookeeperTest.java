package io.weir.spring.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.codec.Codec;
import io.weir.spring.discovery.DiscoveredApplication.Nodes;
import io.weir.spring.node.ApplicationProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Nodes find each other by a true ZooKeeper, through Spring Cloud: one is in the test's own process, another one in a process that is
 * killed. Skipped where Debian's {@code zookeeper} is not installed.
 */
class ZookeeperTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Zookeeper zookeeper;

    @BeforeAll
    static void isInstalled() {
        assumeTrue(Zookeeper.isInstalled(), "ZooKeeper is not installed: apt-get install zookeeper");
    }

    @BeforeEach
    void begin() throws IOException {
        zookeeper = Zookeeper.in(folder);
    }

    /** Applications before the engine: they take back their registrations. */
    @AfterEach
    void end() throws Exception {
        for (int i = open.size(); i-- > 0; ) {
            open.get(i).close();
        }
        zookeeper.close();
    }

    @Test
    void nodesFindEachOtherAndOneThatIsKilledComesBackAnywhere() throws Exception {
        zookeeper.start();
        ConfigurableApplicationContext here = application();
        PeerNode node = here.getBean(PeerNode.class);
        Nodes others = here.getBean(Nodes.class);
        ApplicationProcess other = process("tcp://127.0.0.1:0");
        PeerId id = PeerId.parse(others.who().block(LIMIT));

        assertThat(id).isEqualTo(Identity.load(folder.resolve("other.key")).peerId());
        assertThat(found(node, id)).as("whom the other one finds").isEqualTo(node.id());
        assertThat(node.peers().list())
                .as("the list names this node too")
                .singleElement()
                .extracting(ManagedPeer::id)
                .isEqualTo(Optional.of(id));

        other.kill();
        awaitPeer(node, id, PeerState.Removed.class::isInstance);
        process("tcp://127.0.0.1:0");

        assertThat(others.who().block(LIMIT)).isEqualTo(id.toString());
        assertThat(found(node, id)).isEqualTo(node.id());
    }

    @Test
    void whoWasKnownStaysWantedWhileZookeeperIsGoneAndOthersComeWhenItIsBack() throws Exception {
        zookeeper.start();
        ConfigurableApplicationContext here = application();
        PeerNode node = here.getBean(PeerNode.class);
        Nodes others = here.getBean(Nodes.class);
        ApplicationProcess other = process("tcp://127.0.0.1:0");
        int port = Integer.parseInt(other.said("PORT "));
        String id = others.who().block(LIMIT);

        zookeeper.kill();
        ReactiveDiscoveryClient client = here.getBean(ReactiveDiscoveryClient.class);
        assertThat(client.getInstances("nodes").collectList().block(LIMIT))
                .as("what Spring Cloud says of an engine that is away")
                .isEmpty();
        other.kill();
        awaitPeer(node, PeerId.parse(id), PeerState.BackingOff.class::isInstance);
        assertThat(client.getInstances("nodes").collectList().block(LIMIT)).isEmpty();
        process("tcp://127.0.0.1:" + port);
        assertThat(others.who().block(LIMIT))
                .as("dialled again, whoever knows of it")
                .isEqualTo(id);

        zookeeper.start();
        ConfigurableApplicationContext third = application();
        PeerNode last = third.getBean(PeerNode.class);
        assertThat(last.sessions()
                        .map(PeerSession::peer)
                        .distinct()
                        .take(2)
                        .collectList()
                        .block(LIMIT))
                .containsExactlyInAnyOrder(node.id(), PeerId.parse(id));
    }

    @Test
    void applicationStartsBeforeZookeeperAndFindsOthersWhenThatIsThere() throws Exception {
        ConfigurableApplicationContext early = application();
        ConfigurableApplicationContext other = application();
        assertThat(early.getBean(PeerNode.class).peers().list()).isEmpty();

        zookeeper.start();

        assertThat(early.getBean(Nodes.class).who().block(LIMIT))
                .isEqualTo(other.getBean(PeerNode.class).id().toString());
        assertThat(other.getBean(Nodes.class).who().block(LIMIT))
                .isEqualTo(early.getBean(PeerNode.class).id().toString());
    }

    @Test
    void nodeThatStopsIsNamedNoMore() throws Exception {
        zookeeper.start();
        ConfigurableApplicationContext here = application();
        ConfigurableApplicationContext other = application();
        PeerId id = other.getBean(PeerNode.class).id();
        PeerNode node = here.getBean(PeerNode.class);
        awaitPeer(node, id, PeerState.Ready.class::isInstance);

        other.close();

        awaitPeer(node, id, PeerState.Removed.class::isInstance);
        assertThat(here.getBean(ReactiveDiscoveryClient.class)
                        .getInstances("nodes")
                        .map(instance -> InstanceAddress.of(instance, 0))
                        .collectList()
                        .block(LIMIT))
                .containsExactly(PeerAddress.tcp("127.0.0.1", node.port()).expecting(node.id()));
    }

    private static void awaitPeer(PeerNode node, PeerId id, Predicate<PeerState> state) {
        node.peers()
                .states()
                .filter(change -> change.peer().id().filter(id::equals).isPresent() && state.test(change.state()))
                .blockFirst(LIMIT);
    }

    /** Asks the other node whom it finds. */
    private static PeerId found(PeerNode node, PeerId other) {
        return PeerId.parse(node.peer(other)
                .within(LIMIT)
                .request("found", "", Codec.utf8(), Codec.utf8())
                .block(LIMIT));
    }

    private ConfigurableApplicationContext application() {
        ConfigurableApplicationContext started = new SpringApplicationBuilder(DiscoveredApplication.class)
                .run(Stream.concat(
                                arguments(),
                                Stream.of(
                                        "--weir.listen=tcp://127.0.0.1:0",
                                        "--spring.main.banner-mode=off",
                                        "--logging.level.root=warn",
                                        "--logging.level.org.apache=off",
                                        "--logging.level.org.springframework=off"))
                        .toArray(String[]::new));
        open.add(started);
        return started;
    }

    /** Always the same node. */
    private ApplicationProcess process(String listen) throws IOException {
        ApplicationProcess started = ApplicationProcess.start(
                DiscoveredApplication.class,
                Stream.concat(
                                arguments(),
                                Stream.of(
                                        "--weir.listen=" + listen,
                                        "--weir.identity.location=" + folder.resolve("other.key"),
                                        "--weir.identity.create=true"))
                        .toArray(String[]::new));
        open.add(started);
        return started;
    }

    private Stream<String> arguments() {
        return Stream.of(
                "--spring.application.name=nodes",
                "--spring.main.web-application-type=none",
                "--spring.cloud.zookeeper.enabled=true",
                "--spring.cloud.zookeeper.connect-string=" + zookeeper.address(),
                "--spring.cloud.zookeeper.session-timeout=2s",
                "--spring.cloud.zookeeper.connection-timeout=1s",
                "--spring.cloud.zookeeper.max-retries=1",
                "--spring.cloud.zookeeper.block-until-connected-wait=1",
                "--spring.cloud.zookeeper.discovery.instance-host=127.0.0.1",
                "--weir.discovery.period=1s",
                "--weir.limits.session-wait=60s",
                "--weir.policy.longest-delay=1s",
                "--weir.stop-grace=1s");
    }
}
