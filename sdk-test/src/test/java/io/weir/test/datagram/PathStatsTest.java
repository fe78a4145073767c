package io.weir.test.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.error.CloseReason;
import io.weir.core.path.PathStats;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

class PathStatsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(1).profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)));
    private final List<PeerNode> nodes = new ArrayList<>();
    private final List<PeerSession> sessions = new ArrayList<>();
    private NodeObserver observer = new NodeObserver() {};

    @AfterEach
    void end() {
        nodes.forEach(PeerNode::dispose);
        network.advance(Duration.ofSeconds(30));
    }

    private PeerSession session() {
        network.listener("server")
                .onStream(
                        "numbers", stream -> stream.send(Flux.range(0, 100_000).map(String::valueOf), Codec.utf8()))
                .start()
                .subscribe(nodes::add);
        network.node("client").observer(observer).start().subscribe(nodes::add);
        network.settle();
        nodes.get(1)
                .connect(network.address("server")
                        .expecting(network.identity("server").peerId()))
                .subscribe(sessions::add);
        network.advance(SECOND);
        return sessions.get(0);
    }

    @Test
    void tellsWhatThePathIsLike() {
        network.overDatagrams();
        PeerSession session = session();
        List<PathStats> told = new ArrayList<>();

        session.pathStats().subscribe(told::add);
        network.advance(Duration.ZERO);

        assertThat(told).hasSize(1);
        PathStats stats = told.get(0);
        assertThat(stats.smoothedRttNanos()).isBetween(20_000_000L, 30_000_000L);
        assertThat(stats.datagramBytes()).isGreaterThan(1_400);
        assertThat(stats.bytesInFlight()).isZero();
        assertThat(stats.lostPackets()).isZero();
    }

    /** Nothing goes out in front of HELLO, which the peer would drop: no probe of the MTU either. */
    @Test
    void aSessionBeginsWithoutALossOnAPathThatLosesNothing() {
        network.overDatagrams();
        session();
        List<PathStats> told = new ArrayList<>();

        for (PeerNode node : nodes) {
            node.liveSessions().get(0).pathStats().subscribe(told::add);
        }
        network.advance(Duration.ZERO);

        assertThat(told).hasSize(2).allSatisfy(stats -> {
            assertThat(stats.lostPackets()).isZero();
            assertThat(stats.datagramBytes()).isGreaterThan(1_400);
        });
    }

    @Test
    void anObserverHearsOfThePathWithEachRoundTripAndALastTimeBeforeTheEnd() {
        network.overDatagrams();
        List<PathStats> told = new ArrayList<>();
        List<String> heard = new ArrayList<>();
        observer = new NodeObserver() {
            @Override
            public void onRoundTrip(PeerSession session, long nanos) {
                heard.add("round trip");
            }

            @Override
            public void onPath(PeerSession session, PathStats path) {
                heard.add("path");
                told.add(path);
            }

            @Override
            public void onSessionEnded(PeerSession session, CloseReason reason) {
                heard.add("ended");
            }
        };
        PeerSession session = session();
        session.ping().subscribe();
        network.advance(SECOND);
        assertThat(heard).startsWith("round trip", "path").doesNotContain("ended");
        assertThat(told.get(0).smoothedRttNanos()).isBetween(20_000_000L, 30_000_000L);
        long early = told.get(told.size() - 1).sentPackets();

        session.openStream("numbers", StreamConfig.reliable())
                .receive(Codec.utf8())
                .subscribe(v -> {}, e -> {});
        network.advance(Duration.ofMillis(300));
        session.dispose();
        network.advance(SECOND);
        assertThat(heard).endsWith("path", "ended");
        assertThat(told.get(told.size() - 1).sentPackets()).isGreaterThan(early);
    }

    @Test
    void anObserverHearsOfAPathThatTakesNothingAnyMore() {
        network.overDatagrams();
        List<PathStats> told = new ArrayList<>();
        observer = new NodeObserver() {
            @Override
            public void onPath(PeerSession session, PathStats path) {
                told.add(path);
            }
        };
        PeerSession session = session();
        network.partition(Set.of("client"), Set.of("server"));
        session.openStream("numbers", StreamConfig.reliable())
                .receive(Codec.utf8())
                .subscribe(v -> {}, e -> {});
        network.advance(NodeLimits.defaults().silenceLimit().dividedBy(2).plus(SECOND));

        assertThat(session.isDisposed()).as("the limit is not reached").isFalse();
        assertThat(told).isNotEmpty();
        assertThat(told.get(told.size() - 1).bytesInFlight()).isPositive();
    }

    @Test
    void takesASampleForEachThatIsAskedForAndNoneEarlierThanTheInterval() {
        network.overDatagrams();
        PeerSession session = session();
        List<String> received = new ArrayList<>();
        List<PathStats> told = new ArrayList<>();
        BaseSubscriber<PathStats> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                s.request(2);
            }

            @Override
            protected void hookOnNext(PathStats stats) {
                told.add(stats);
            }
        };
        session.pathStats(SECOND).subscribe(subscriber);
        network.advance(Duration.ZERO);
        assertThat(told).hasSize(1);
        network.advance(Duration.ofMillis(999));
        assertThat(told).hasSize(1);
        network.advance(Duration.ofMillis(1));
        assertThat(told).hasSize(2);

        network.advance(Duration.ofSeconds(10));
        assertThat(told).hasSize(2);
        session.openStream("numbers", StreamConfig.reliable())
                .receive(Codec.utf8())
                .subscribe(received::add);
        network.advance(Duration.ofMillis(100));
        subscriber.request(1);
        network.advance(Duration.ZERO);
        assertThat(told).as("taken when it was asked for").hasSize(3);

        session.dispose();
        network.advance(SECOND);
        assertThat(subscriber.isDisposed()).isTrue();
    }

    @Test
    void isEmptyOverLinksOfBytes() {
        PeerSession session = session();
        List<String> ends = new ArrayList<>();

        session.pathStats().subscribe(stats -> ends.add("told"), e -> ends.add("error"), () -> ends.add("empty"));
        session.pathStats(SECOND).subscribe(stats -> ends.add("told"), e -> ends.add("error"), () -> ends.add("none"));
        network.advance(Duration.ZERO);

        assertThat(ends).containsExactly("empty", "none");
    }

    @Test
    void isEmptyOnceTheSessionHasEnded() {
        network.overDatagrams();
        PeerSession session = session();
        session.dispose();
        network.advance(SECOND);
        List<String> ends = new ArrayList<>();

        session.pathStats().subscribe(stats -> ends.add("told"), e -> ends.add("error"), () -> ends.add("empty"));
        session.pathStats(SECOND).subscribe(stats -> ends.add("told"), e -> ends.add("error"), () -> ends.add("none"));
        network.advance(SECOND);

        assertThat(ends).containsExactly("empty", "none");
    }

    @Test
    void refusesIntervalsThatAreNone() {
        PeerSession session = session();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.pathStats(Duration.ZERO))
                .withMessage("interval is PT0S, must be 1 ms to 365 days");
        assertThatIllegalArgumentException().isThrownBy(() -> session.pathStats(Duration.ofDays(366)));
    }
}
