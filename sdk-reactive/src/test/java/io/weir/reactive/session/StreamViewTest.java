package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerStream;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a stream tells of itself: its epoch, when it was last used, why it takes nothing more. */
class StreamViewTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final StreamConfig KEPT = StreamConfig.reliable().withIdleTimeout(Duration.ZERO);

    private final List<PeerStream> accepted = new ArrayList<>();

    private NodePair pair() {
        return NodePair.of(spec -> spec.onStream("x", KEPT, stream -> {
            accepted.add(stream);
            stream.receive(Codec.utf8()).subscribe();
            return Mono.never();
        }));
    }

    private static PeerStream stream(NodePair pair) {
        return pair.session.openStream("x", KEPT);
    }

    private static Instant now(NodePair pair) {
        return Instant.ofEpochMilli(pair.time.now(TimeUnit.MILLISECONDS));
    }

    // ---- epoch

    @Test
    void theEpochIsTheSameAtBothEndsAndZeroBeforeTheFirstUse() {
        try (NodePair pair = pair()) {
            PeerStream stream = stream(pair);
            assertThat(stream.epoch()).isZero();
            stream.trySend("a", Codec.utf8());
            pair.settle();
            assertThat(stream.epoch()).isEqualTo(1);
            assertThat(accepted.get(0).epoch()).isEqualTo(1);
        }
    }

    @Test
    void aLifeThatBeginsBeforeTheOneBeforeIsOverHasTheNextEpoch() {
        try (NodePair pair = pair()) {
            PeerStream first = stream(pair);
            first.trySend("a", Codec.utf8());
            pair.settle();
            PeerStream second = stream(pair);
            RequestTest.onLoop(pair.session, () -> {
                first.dispose();
                second.trySend("b", Codec.utf8());
            });
            pair.settle();
            assertThat(second.epoch()).isEqualTo(2);
            assertThat(first.epoch()).isEqualTo(1);
            assertThat(accepted.get(1).epoch()).isEqualTo(2);
        }
    }

    // ---- last activity

    @Test
    void sendingAndReceivingAreActivityAndWaitingIsNot() {
        try (NodePair pair = pair()) {
            PeerStream stream = stream(pair);
            Instant ready = now(pair);
            assertThat(stream.lastActivity()).as("never used").isEqualTo(ready);
            pair.advance(Duration.ofSeconds(10));
            assertThat(stream.lastActivity()).isEqualTo(ready);

            stream.trySend("a", Codec.utf8());
            pair.settle();
            Instant first = now(pair);
            pair.advance(HOUR);
            assertThat(stream.lastActivity()).as("at who opened it").isEqualTo(first);
            assertThat(accepted.get(0).lastActivity()).isEqualTo(first);

            stream.trySend("b", Codec.utf8());
            pair.settle();
            Instant second = now(pair);
            pair.advance(HOUR);
            assertThat(stream.lastActivity()).as("at the sender").isEqualTo(second);
            assertThat(accepted.get(0).lastActivity()).as("at the receiver").isEqualTo(second);
        }
    }

    // ---- why it takes nothing more

    @Test
    void thereIsNoReasonWhileElementsAreTaken() {
        try (NodePair pair = pair()) {
            PeerStream stream = stream(pair);
            assertThat(stream.closeReason()).isEmpty();
            assertThat(stream.trySend("a", Codec.utf8())).isEqualTo(TrySend.OK);
            pair.settle();
            assertThat(stream.closeReason()).isEmpty();
        }
    }

    @Test
    void aCloseIsAnEndInGoodOrder() {
        try (NodePair pair = pair()) {
            PeerStream stream = used(pair);
            stream.close().subscribe();
            assertReason(pair, stream, CloseReason.local(ErrorCode.NONE));
        }
    }

    @Test
    void whoDisposedOfItKnowsSo() {
        try (NodePair pair = pair()) {
            PeerStream stream = used(pair);
            stream.dispose();
            assertReason(pair, stream, CloseReason.local(ErrorCode.STREAM_CLOSED));
        }
    }

    @Test
    void whatWasDisposedOfBeforeItsFirstUseSaysSo() {
        try (NodePair pair = pair()) {
            PeerStream stream = stream(pair);
            stream.dispose();
            assertReason(pair, stream, CloseReason.local(ErrorCode.STREAM_CLOSED));
        }
    }

    @Test
    void thePeersStopIsTold() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "x", stream -> stream.receive(Codec.utf8()).take(1).then()))) {
            PeerStream stream = used(pair);
            assertReason(pair, stream, CloseReason.remote(ErrorCode.CANCELLED));
        }
    }

    @Test
    void aRefusalIsTold() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = used(pair);
            pair.advance(Duration.ofSeconds(11));
            assertReason(pair, stream, CloseReason.remote(ErrorCode.UNCLAIMED));
        }
    }

    @Test
    void theEndOfTheSessionIsToldAlsoOfWhatWasNeverUsed() {
        try (NodePair pair = pair()) {
            PeerStream stream = used(pair);
            PeerStream unused = stream(pair);
            pair.server.dispose();
            assertReason(pair, stream, CloseReason.remote(ErrorCode.NODE_CLOSED));
            assertThat(unused.closeReason()).contains(CloseReason.remote(ErrorCode.NODE_CLOSED));
        }
    }

    @Test
    void theOwnEndOfTheSessionIsToldBeforeItsLoopKnows() {
        try (NodePair pair = pair()) {
            PeerStream stream = used(pair);
            pair.session.dispose();
            assertThat(stream.trySend("b", Codec.utf8())).isEqualTo(TrySend.NOT_CONNECTED);
            assertThat(stream.closeReason()).contains(CloseReason.local(ErrorCode.NONE));
            assertReason(pair, stream, CloseReason.local(ErrorCode.NONE));
        }
    }

    @Test
    void whatEndedTheHalfFirstStays() {
        try (NodePair pair = pair()) {
            PeerStream stream = used(pair);
            stream.dispose();
            pair.settle();
            pair.server.dispose();
            assertReason(pair, stream, CloseReason.local(ErrorCode.STREAM_CLOSED));
        }
    }

    @Test
    void anErrorOfThePublisherIsTheReasonWhileWhatWasAcceptedStillGoesOut() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "x",
                stream -> stream.receive(Codec.utf8()).then(Mono.<Void>never()).delaySubscription(HOUR)))) {
            PeerStream stream = stream(pair);
            stream.send(Flux.just("a").concatWith(Mono.error(new IllegalStateException("boom"))), Codec.utf8())
                    .subscribe(null, e -> {});
            pair.settle();
            assertThat(stream.closeReason()).contains(CloseReason.local(ErrorCode.APPLICATION_ERROR));
        }
    }

    private static PeerStream used(NodePair pair) {
        PeerStream stream = stream(pair);
        assertThat(stream.trySend("a", Codec.utf8())).isEqualTo(TrySend.OK);
        pair.settle();
        return stream;
    }

    private static void assertReason(NodePair pair, PeerStream stream, CloseReason reason) {
        pair.settle();
        assertThat(stream.trySend("late", Codec.utf8())).isEqualTo(TrySend.NOT_CONNECTED);
        assertThat(stream.closeReason()).contains(reason);
    }
}
