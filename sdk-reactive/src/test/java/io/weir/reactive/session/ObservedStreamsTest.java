package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamStats;
import io.weir.reactive.Interaction.Kind;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What an observer hears of streams as a whole, of what is turned away, of beats and of beginnings. */
class ObservedStreamsTest {

    private static final StreamConfig CONFIG = StreamConfig.reliable();

    private final Heard here = new Heard();
    private final Heard there = new Heard();

    // ---- streams

    @Test
    void hearsOfAStreamOnceAtBothEndsAndOfItsEndByTheSameObject() {
        try (NodePair pair = pair(spec ->
                spec.onStream("x", stream -> stream.receive(Codec.utf8()).then()))) {
            PeerStream stream = pair.session.openStream("x", CONFIG);
            assertThat(here.opened).as("nothing is used").isEmpty();
            stream.send(Flux.just("a", "bc"), Codec.utf8()).subscribe();
            pair.settle();

            for (Heard heard : List.of(here, there)) {
                assertThat(heard.opened).hasSize(1);
                assertThat(heard.opened.get(0).name()).isEqualTo("x");
                assertThat(heard.ended).hasSize(1);
                assertThat(heard.ended.get(0)).isSameAs(heard.opened.get(0));
                assertThat(heard.reasons).containsExactly(CloseReason.local(ErrorCode.NONE));
            }
        }
    }

    @Test
    void hearsWhyAStreamHasEnded() {
        try (NodePair pair = pair(spec -> spec.onStream("x", stream -> Mono.never())
                .onStream("fails", stream -> Mono.error(new IllegalStateException("test"))))) {
            pair.session.openStream("x", CONFIG).receive(Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            here.opened.get(0).dispose();
            pair.settle();
            assertThat(here.reasons).containsExactly(CloseReason.local(ErrorCode.STREAM_CLOSED));
            assertThat(there.reasons).containsExactly(CloseReason.remote(ErrorCode.STREAM_CLOSED));

            pair.session.openStream("fails", CONFIG).receive(Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            assertThat(there.reasons).last().isEqualTo(CloseReason.local(ErrorCode.APPLICATION_ERROR));
            assertThat(here.reasons).last().isEqualTo(CloseReason.remote(ErrorCode.APPLICATION_ERROR));
        }
    }

    @Test
    void hearsOfAStreamThatWasGivenUpBeforeThePeerHeardOfIt() {
        NodeLimits one = NodeLimits.defaults().withMaxStreams(1);
        try (NodePair pair = pair(spec -> spec.limits(one).onStream("x", stream -> Mono.never()))) {
            pair.session.openStream("x", CONFIG).receive(Codec.utf8()).subscribe();
            pair.settle();
            Disposable waiting =
                    pair.session.openStream("y", CONFIG).receive(Codec.utf8()).subscribe();
            pair.settle();
            waiting.dispose();
            pair.settle();
            assertThat(here.opened).hasSize(2);
            assertThat(here.ended).singleElement().isSameAs(here.opened.get(1));
            assertThat(here.reasons).containsExactly(CloseReason.local(ErrorCode.CANCELLED));
            assertThat(there.opened).hasSize(1);
        }
    }

    @Test
    void hearsTheEndOfStreamsWhenTheirSessionEnds() {
        NodePair pair = pair(spec -> spec.onStream("x", stream -> Mono.never()));
        try (pair) {
            pair.session.openStream("x", CONFIG).receive(Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
        }
        assertThat(here.ended).containsExactlyElementsOf(here.opened).hasSize(1);
        assertThat(there.ended).containsExactlyElementsOf(there.opened).hasSize(1);
        assertThat(here.reasons)
                .containsExactly(CloseReason.local(ErrorCode.NODE_CLOSED))
                .isEqualTo(here.sessions);
        assertThat(there.reasons).isEqualTo(there.sessions);
    }

    @Test
    void aStreamThatASessionTakesAlongInGoodOrderHasNotComeToItsOwnEnd() {
        try (NodePair pair = pair(spec -> spec.onStream("x", stream -> Mono.never()))) {
            pair.session.openStream("x", CONFIG).receive(Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            pair.session.dispose();
            pair.settle();
            assertThat(here.sessions).containsExactly(CloseReason.local(ErrorCode.NONE));
            assertThat(here.reasons).containsExactly(CloseReason.local(ErrorCode.STREAM_CLOSED));
            assertThat(there.reasons).containsExactly(CloseReason.remote(ErrorCode.STREAM_CLOSED));
        }
    }

    @Test
    void statsTellTheBytesOfPayloadsAndWhetherTheSendingHalfIsOpen() {
        try (NodePair pair = pair(spec ->
                spec.onStream("x", stream -> stream.receive(Codec.utf8()).then()))) {
            PeerStream stream = pair.session.openStream("x", CONFIG);
            assertThat(stream.stats().txOpen()).isFalse();
            stream.send(Flux.just("a", "bc").concatWith(Flux.never()), Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            pair.settle();
            assertThat(stream.stats())
                    .extracting(StreamStats::txSeq, StreamStats::txBytes, StreamStats::txOpen)
                    .containsExactly(2L, 3L, true);
            assertThat(there.opened.get(0).stats())
                    .extracting(StreamStats::rxSeq, StreamStats::rxBytes)
                    .containsExactly(2L, 3L);

            stream.dispose();
            pair.settle();
            assertThat(stream.stats().txOpen()).isFalse();
            assertThat(stream.stats().txBytes()).isEqualTo(3);
        }
    }

    // ---- what is turned away

    @Test
    void hearsWhatIsTurnedAwayAndWhy() {
        try (NodePair pair = pair(spec -> spec)) {
            pair.session.request("none", "", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.session
                    .exchange("none", Mono.just("x"), Codec.utf8(), Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            pair.session.send("none", "x", Codec.utf8()).subscribe();
            pair.session.openStream("none", CONFIG).receive(Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            pair.advance(Duration.ofSeconds(10));
            assertThat(there.refused)
                    .containsExactlyInAnyOrder(
                            "REQUEST NO_HANDLER", "STREAM REFUSED", "MESSAGE NO_HANDLER", "STREAM UNCLAIMED");
            assertThat(there.opened).as("what is turned away is not in use").isEmpty();
            assertThat(here.refused).isEmpty();
        }
    }

    // ---- liveness

    @Test
    void hearsTheBeatsThatThePeerOwes() {
        Duration latency = Duration.ofMillis(10);
        try (NodePair pair =
                NodePair.paced(latency, Long.MAX_VALUE, spec -> spec.observer(there), spec -> spec.observer(here))) {
            pair.advance(Duration.ofMinutes(1));
            assertThat(here.missed).isZero();

            // the next beats come so late that two should have come before
            pair.network.latency(NodePair.CLIENT, Duration.ofSeconds(9));
            pair.advance(Duration.ofMinutes(2));
            assertThat(here.missed).isEqualTo(2);
            assertThat(there.missed).isZero();
            assertThat(pair.session.isDisposed()).isFalse();
        }
    }

    @Test
    void hearsEachRoundTrip() {
        Duration latency = Duration.ofMillis(10);
        try (NodePair pair =
                NodePair.paced(latency, Long.MAX_VALUE, spec -> spec.observer(there), spec -> spec.observer(here))) {
            pair.session.ping().subscribe();
            pair.advance(Duration.ofSeconds(1));
            assertThat(here.roundTrips).containsOnly(latency.multipliedBy(2).toNanos());
        }
    }

    // ---- beginnings

    @Test
    void hearsThatDialsAndHandshakesBeginAndTheirEndsByNumber() {
        try (NodePair pair = pair(spec -> spec)) {
            assertThat(here.begun)
                    .containsExactly(
                            "dial " + pair.network.address(NodePair.NAME),
                            "handshake " + pair.session.id() + " " + pair.session.transport() + " true",
                            "ended handshake " + pair.session.id(),
                            "ended dial");
            assertThat(there.begun).hasSize(2).first().asString().endsWith(pair.session.transport() + " false");
            assertThat(pair.session.transport())
                    .isEqualTo(pair.network.address(NodePair.NAME).scheme());
        }
    }

    private NodePair pair(UnaryOperator<PeerNodeSpec> serverSpec) {
        return NodePair.of(spec -> serverSpec.apply(spec.observer(there)), spec -> spec.observer(here));
    }

    private static final class Heard implements NodeObserver {
        private final List<PeerStream> opened = new ArrayList<>();
        private final List<PeerStream> ended = new ArrayList<>();
        private final List<CloseReason> reasons = new ArrayList<>();
        private final List<CloseReason> sessions = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();
        private final List<Long> roundTrips = new ArrayList<>();
        private final List<String> begun = new ArrayList<>();
        private int missed;
        private long dial;

        @Override
        public void onDialBegun(long dial, PeerAddress address) {
            this.dial = dial;
            begun.add("dial " + address);
        }

        @Override
        public void onDial(Dial dial) {
            assertThat(dial.id()).isEqualTo(this.dial);
            begun.add("ended dial");
        }

        @Override
        public void onHandshakeBegun(long sessionId, String transport, SocketAddress remoteAddress, boolean initiator) {
            begun.add("handshake " + sessionId + " " + transport + " " + initiator);
        }

        @Override
        public void onHandshake(Handshake handshake) {
            begun.add("ended handshake " + handshake.sessionId());
        }

        @Override
        public void onRoundTrip(PeerSession session, long nanos) {
            roundTrips.add(nanos);
        }

        @Override
        public void onHeartbeatsMissed(PeerSession session, int count) {
            missed += count;
        }

        @Override
        public void onStreamOpened(PeerStream stream) {
            opened.add(stream);
        }

        @Override
        public void onStreamEnded(PeerStream stream, CloseReason reason) {
            ended.add(stream);
            reasons.add(reason);
        }

        @Override
        public void onRefused(PeerSession session, Kind what, ErrorCode reason) {
            refused.add(what + " " + reason);
        }

        @Override
        public void onSessionEnded(PeerSession session, CloseReason reason) {
            sessions.add(reason);
            assertThat(opened).as("streams that were in use have ended").hasSameSizeAs(ended);
        }
    }
}
