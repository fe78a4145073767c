package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.path.PathStats;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Meters of paths and of ports, which sessions over datagrams have. */
class DatagramMetersTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MANY = 200_000;

    private final Metered client = new Metered();
    private final Metered server = new Metered();
    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(1).profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)));
    private final List<PeerNode> nodes = new ArrayList<>();
    private final List<PeerSession> sessions = new ArrayList<>();

    @AfterEach
    void nothingIsKept() {
        nodes.forEach(PeerNode::dispose);
        network.advance(Duration.ofSeconds(30));
        assertThat(client.metrics.kept()).isZero();
        assertThat(server.metrics.kept()).isZero();
    }

    private void start() {
        server.observe(network.listener("server"))
                .onStream("numbers", stream -> stream.send(Flux.range(0, MANY).map(String::valueOf), Codec.utf8()))
                .start()
                .subscribe(nodes::add);
        client.observe(network.node("client")).start().subscribe(nodes::add);
        network.settle();
    }

    private PeerSession session() {
        nodes.get(1)
                .connect(network.address("server")
                        .expecting(network.identity("server").peerId()))
                .subscribe(sessions::add);
        network.advance(SECOND);
        return sessions.get(sessions.size() - 1);
    }

    private static void takeNumbers(PeerSession session) {
        session.openStream("numbers", StreamConfig.reliable())
                .receive(Codec.utf8())
                .subscribe(v -> {}, e -> {});
    }

    private PathStats now(PeerSession session) {
        List<PathStats> told = new ArrayList<>();
        session.pathStats().subscribe(told::add);
        network.advance(Duration.ZERO);
        return told.get(0);
    }

    @Test
    void tellsWhatPathsAreLikeWhileTheyAre() {
        network.overDatagrams();
        start();
        PeerSession session = session();
        session.ping().subscribe();
        network.advance(Duration.ofMillis(30));

        PathStats stats = now(session);
        assertThat(client.value(WeirMeter.PATH_CONGESTION_WINDOW, "udp")).isEqualTo(stats.congestionWindowBytes());
        assertThat(client.value(WeirMeter.PATH_MTU, "udp")).isBetween(1_200.0, (double) stats.datagramBytes());
        assertThat(client.value(WeirMeter.PATH_PACING, "udp")).isPositive();
        assertThat(client.value(WeirMeter.PATH_ROUND_TRIP, "udp")).isPositive();
        assertThat(client.total(WeirMeter.PATH_ROUND_TRIP, "udp")
                        .dividedBy((long) client.value(WeirMeter.PATH_ROUND_TRIP, "udp")))
                .isBetween(Duration.ofMillis(20), Duration.ofMillis(30));
        assertThat(client.total(WeirMeter.PATH_QUEUEING, "udp")).isLessThan(Duration.ofMillis(10));

        session.dispose();
        network.advance(SECOND);
        assertThat(client.value(WeirMeter.PATH_CONGESTION_WINDOW, "udp")).isZero();
        assertThat(client.value(WeirMeter.PATH_IN_FLIGHT, "udp")).isZero();
        assertThat(client.value(WeirMeter.PATH_PACING, "udp")).isZero();
        assertThat(client.value(WeirMeter.PATH_MTU, "udp")).isNaN();
    }

    @Test
    void countsWhatPathsLoseOnceAndKeepsItWhenSessionsEnd() {
        network.overDatagrams();
        network.profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)).withLoss(0.05));
        start();
        List<PathStats> last = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            PeerSession session = session();
            takeNumbers(session);
            network.advance(SECOND);
            PeerSession answering = nodes.get(0).liveSessions().get(0);
            last.add(now(answering));
            session.dispose();
            network.advance(Duration.ofSeconds(5));
        }

        assertThat(server.value(WeirMeter.PATH_PACKETS_SENT, "udp"))
                .isGreaterThanOrEqualTo(sum(last, 0))
                .isLessThan(1.2 * sum(last, 0));
        assertThat(server.value(WeirMeter.PATH_PACKETS_LOST, "udp"))
                .isGreaterThanOrEqualTo(sum(last, 1))
                .isBetween(
                        0.02 * server.value(WeirMeter.PATH_PACKETS_SENT, "udp"),
                        0.10 * server.value(WeirMeter.PATH_PACKETS_SENT, "udp"));
        assertThat(server.value(WeirMeter.PATH_PACKETS_RETRANSMITTED, "udp"))
                .isGreaterThanOrEqualTo(sum(last, 2))
                .isPositive()
                .isLessThan(server.value(WeirMeter.PATH_PACKETS_SENT, "udp"));
    }

    private static double sum(List<PathStats> of, int counter) {
        return of.stream()
                .mapToLong(stats -> List.of(stats.sentPackets(), stats.lostPackets(), stats.retransmittedPackets())
                        .get(counter))
                .sum();
    }

    @Test
    void aPathThatIsToldOfBesideASessionLeavesNothing() {
        NodeObserver observer = client.metrics.observer();
        PeerSession session = EveryMeter.session(Identity.generate().peerId());
        PathStats path = new PathStats(1, 1, 7, 1, 3, 2, 1, 1_200, 1);
        observer.onPath(session, path);
        assertThat(client.metrics.kept()).isZero();

        observer.onSessionReady(session);
        observer.onPath(session, path);
        observer.onPath(session, path);
        assertThat(client.value(WeirMeter.PATH_PACKETS_SENT, "tcp")).isEqualTo(3);
        assertThat(client.value(WeirMeter.PATH_CONGESTION_WINDOW, "tcp")).isEqualTo(7);
        observer.onSessionEnded(session, CloseReason.local(ErrorCode.NONE));
        observer.onPath(session, path);
        assertThat(client.value(WeirMeter.PATH_PACKETS_SENT, "tcp")).isEqualTo(3);
        assertThat(client.metrics.kept()).isZero();
    }

    @Test
    void overLinksOfBytesThereAreNoMetersOfPathsAndPortsHaveDoneNothing() {
        start();
        PeerSession session = session();
        takeNumbers(session);
        session.ping().subscribe();
        network.advance(SECOND);

        assertThat(client.value(WeirMeter.ROUND_TRIP, session.transport())).isPositive();
        assertThat(client.registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .noneMatch(name -> name.startsWith("weir.path"));
        assertThat(client.registry.find(WeirMeter.DATAGRAMS.meterName()).meters())
                .hasSize(2);
        assertThat(client.value(WeirMeter.DATAGRAMS, "sent")).isZero();
        assertThat(client.value(WeirMeter.DATAGRAMS_UNSENT, "failed")).isZero();
    }

    @Test
    void countsDatagramsAtBothEndsAndWhatNobodyHasUseForAlsoOnceTheNodeIsClosed() {
        network.overDatagrams();
        start();
        PeerSession session = session();
        takeNumbers(session);
        try (var stranger = network.datagrams("stranger", 1)) {
            for (int i = 0; i < 3; i++) {
                stranger.send(ByteBuffer.wrap(new byte[] {99}), "server", SimulatedNetwork.PORT);
            }
            network.advance(SECOND);
        }
        session.dispose();
        network.advance(Duration.ofSeconds(5));

        double sent = server.value(WeirMeter.DATAGRAMS, "sent");
        assertThat(sent).isGreaterThan(100).isEqualTo(client.value(WeirMeter.DATAGRAMS, "received"));
        assertThat(server.value(WeirMeter.DATAGRAMS, "received"))
                .isEqualTo(client.value(WeirMeter.DATAGRAMS, "sent") + 3);
        assertThat(server.value(WeirMeter.DATAGRAMS_DROPPED, "unknown_type")).isEqualTo(3);

        nodes.get(0).dispose();
        network.advance(Duration.ofSeconds(30));
        assertThat(server.metrics.kept()).isZero();
        assertThat(server.value(WeirMeter.DATAGRAMS, "sent")).isEqualTo(sent);
        assertThat(server.value(WeirMeter.DATAGRAMS_DROPPED, "unknown_type")).isEqualTo(3);
    }
}
