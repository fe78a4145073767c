package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Registries, filters and functions that fail, and peers without end. */
class BadInputTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Asks and streams over two nodes that are observed so; what comes of it. */
    private static List<String> outcomeWith(WeirMetrics metrics) {
        List<String> outcome = new ArrayList<>();
        try (TestNodes nodes = TestNodes.pair(
                spec -> spec.observer(metrics.observer()),
                spec -> spec.observer(metrics.observer())
                        .onRequest("ask", request -> Mono.just(request.payload()))
                        .onStream("words", stream -> stream.send(Flux.just("to", "be"), Codec.utf8())))) {
            nodes.session().request("ask", "x", Codec.utf8(), Codec.utf8()).subscribe(outcome::add);
            nodes.session().subscribe("words", Codec.utf8()).subscribe(outcome::add);
            nodes.session()
                    .request("none", "x", Codec.utf8(), Codec.utf8())
                    .subscribe(v -> {}, e -> outcome.add("none"));
            nodes.advance(SECOND);
        }
        return outcome;
    }

    private static void assertFine(List<String> outcome) {
        assertThat(outcome).containsExactlyInAnyOrder("x", "to", "be", "none");
    }

    // ---- registries

    @Test
    void aRegistryThatMakesNothingHarmsNobody() {
        SimpleMeterRegistry throwing = new SimpleMeterRegistry(SimpleConfig.DEFAULT, new MockClock()) {
            @Override
            protected Counter newCounter(Meter.Id id) {
                throw new IllegalStateException("test");
            }

            @Override
            protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector detector) {
                throw new IllegalStateException("test");
            }
        };
        WeirMetrics metrics = WeirMetrics.in(throwing);
        assertFine(outcomeWith(metrics));
        assertThat(metrics.kept()).isZero();
        assertThat(throwing.find(WeirMeter.RECORDS.meterName()).functionCounters())
                .as("what it does make counts")
                .isNotEmpty();
    }

    @Test
    void metersThatThrowHarmNobodyAndCostNothingElse() {
        SimpleMeterRegistry throwing = new SimpleMeterRegistry(SimpleConfig.DEFAULT, new MockClock()) {
            @Override
            protected Counter newCounter(Meter.Id id) {
                return new Counter() {
                    @Override
                    public void increment(double amount) {
                        throw new IllegalStateException("test");
                    }

                    @Override
                    public double count() {
                        return 0;
                    }

                    @Override
                    public Meter.Id getId() {
                        return id;
                    }
                };
            }
        };
        WeirMetrics metrics = WeirMetrics.in(throwing);
        assertFine(outcomeWith(metrics));
        assertThat(metrics.kept())
                .as("nothing is left behind by a count that failed")
                .isZero();
    }

    @Test
    void aFilterThatDeniesLeavesTheNodeAndTheOthersAsTheyAre() {
        Metered metered = new Metered();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.config().meterFilter(MeterFilter.deny());
        assertFine(outcomeWith(WeirMetrics.in(registry)));
        assertThat(registry.getMeters()).isEmpty();

        SimpleMeterRegistry some = new SimpleMeterRegistry();
        some.config().meterFilter(MeterFilter.denyNameStartsWith("weir.stream"));
        assertFine(outcomeWith(WeirMetrics.in(some)));
        assertThat(some.getMeters())
                .isNotEmpty()
                .noneMatch(meter -> meter.getId().getName().startsWith("weir.stream"));
        metered.metrics.close();
    }

    @Test
    void aFilterThatThrowsHarmsNobody() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                throw new IllegalStateException("test");
            }
        });
        assertFine(outcomeWith(WeirMetrics.in(registry)));
    }

    @Test
    void aRegistryThatIsClosedWhileTheNodeLivesHarmsNobody() {
        Metered metered = new Metered();
        try (TestNodes nodes = TestNodes.pair(
                metered::observe, spec -> spec.onRequest("ask", request -> Mono.just(request.payload())))) {
            List<String> replies = new ArrayList<>();
            metered.registry.close();
            nodes.session().request("ask", "x", Codec.utf8(), Codec.utf8()).subscribe(replies::add);
            nodes.advance(SECOND);
            assertThat(replies).containsExactly("x");
        }
        assertThat(metered.metrics.kept()).isZero();
    }

    // ---- two of them

    @Test
    void metersThatAreClosedLeaveTheRegistryAndOthersMayTakeTheirPlace() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        WeirMetrics first = WeirMetrics.in(registry);
        EveryMeter.make(first);
        assertThatThrownBy(() -> WeirMetrics.in(registry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another WeirMetrics")
                .hasMessageContaining("use that one for all nodes, or give each tags of its own");
        WeirMetrics beside = WeirMetrics.in(registry, MeterOptions.defaults().withTags(Tags.of("node", "b")));
        first.close();
        assertThat(registry.getMeters())
                .allMatch(meter -> "b".equals(meter.getId().getTag("node")));
        beside.close();
        assertThat(registry.getMeters()).isEmpty();
        WeirMetrics.in(registry).close();
        EveryMeter.make(first);
        assertThat(registry.getMeters()).as("one that is closed makes no more").isEmpty();
    }

    @Test
    void tagsThatAMeterHasAlreadyAreRefused() {
        assertThatThrownBy(() -> MeterOptions.defaults().withTags(Tags.of("role", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tags has the key \"role\", which is a meter's own; legal: any other");
    }

    // ---- types

    @Test
    void aFunctionOfTypesThatThrowsOrGivesNothingMeansOther() {
        Metered metered = new Metered(MeterOptions.defaults().withTypes(name -> {
            if (name.equals("ask")) {
                throw new IllegalStateException("test");
            }
            return name.equals("words") ? null : " ";
        }));
        assertFine(outcomeWith(metered.metrics));
        assertThat(metered.value(WeirMeter.REQUESTS, "client", "other", "success"))
                .isEqualTo(1);
        assertThat(metered.value(WeirMeter.STREAMS_OPENED, "other", "reliable")).isEqualTo(2);
    }

    @Test
    void typesWithoutEndAreOtherFromABoundOn() {
        Metered metered = new Metered(MeterOptions.defaults().withTypes(name -> name));
        NodeObserver observer = metered.metrics.observer();
        PeerSession session = EveryMeter.session(Identity.generate().peerId());
        for (int i = 0; i < 5_000; i++) {
            observer.onAsked(session, Done.of("route" + i, ErrorCode.NONE, 1, 1));
        }
        assertThat(metered.registry.find(WeirMeter.REQUESTS.meterName()).meters())
                .hasSize(MeterOptions.MOST_TYPES + 1);
        assertThat(metered.value(WeirMeter.REQUESTS, "client", "other", "success"))
                .isEqualTo(5_000.0 - MeterOptions.MOST_TYPES);
    }

    // ---- peers

    @Test
    void tenThousandPeersThatComeAndGoLeaveAsManyMetersAsOne() {
        Metered metered = new Metered();
        come(metered, 1);
        int meters = metered.registry.getMeters().size();
        come(metered, 10_000);
        assertThat(metered.registry.getMeters()).hasSize(meters);
        assertThat(metered.metrics.kept()).isZero();
        assertThat(metered.metrics.lost()).isEqualTo(NodeMeters.MOST_LOST);
        assertThat(metered.value(WeirMeter.SESSIONS_OPENED, "tcp", "initiator")).isEqualTo(10_001);
        assertThat(metered.value(WeirMeter.STREAM_ELEMENTS, "other", "reliable", "sent"))
                .isEqualTo(10_001);
        assertThat(metered.registry.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .noneMatch(value -> value.contains("peer") || value.length() > 30);
    }

    private static void come(Metered metered, int peers) {
        NodeObserver observer = metered.metrics.observer();
        for (int i = 0; i < peers; i++) {
            PeerId peer = peer(i);
            PeerSession session = EveryMeter.session(peer);
            PeerStream stream = EveryMeter.stream(session, "stream" + i);
            observer.onSessionReady(session);
            observer.onStreamOpened(stream);
            observer.onRecordSent(session, 1);
            observer.onAsked(session, Done.of("route" + i, ErrorCode.NONE, 1, 1));
            observer.onSessionEnded(session, CloseReason.local(ErrorCode.LINK_LOST));
        }
    }

    private static PeerId peer(int number) {
        byte[] key = new byte[PeerId.LENGTH];
        key[0] = (byte) number;
        key[1] = (byte) (number >> 8);
        key[2] = 1;
        return PeerId.of(key);
    }

    @Test
    void streamsOfASessionThatEndedAreNotKept() {
        Metered metered = new Metered();
        try (TestNodes nodes =
                TestNodes.pair(metered::observe, spec -> spec.onStream("words", stream -> Mono.never()))) {
            nodes.session()
                    .openStream("words", StreamConfig.reliable())
                    .receive(Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            nodes.advance(SECOND);
            assertThat(metered.metrics.kept()).isGreaterThan(2);
        }
        assertThat(metered.metrics.kept()).isZero();
    }
}
