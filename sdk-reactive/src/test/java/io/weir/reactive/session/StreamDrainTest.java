package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.error.WeirException;
import io.weir.core.stream.CloseBehavior;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** DRAIN_THEN_CLOSE of one stream: over when the peer has consumed everything, and not before, for both reliabilities. */
class StreamDrainTest {

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

    static Stream<StreamConfig> configs() {
        return Stream.of(
                StreamConfig.reliable(),
                StreamConfig.fireAndForget().withCloseBehavior(CloseBehavior.DRAIN_THEN_CLOSE));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void completesWhenThePeerHasConsumedTheLastElement(StreamConfig config) {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", config);
            Slow there = slow(pair);
            for (int i = 0; i < 5; i++) {
                stream.trySend("" + i, Codec.utf8());
            }
            Result closed = close(pair, stream);
            there.request(4);
            pair.advance(DRAIN_TIMEOUT.dividedBy(2));
            assertThat(closed).hasToString("pending");

            there.request(1);
            pair.settle();
            assertThat(closed).hasToString("complete");
            assertThat(there.elements).containsExactly("0", "1", "2", "3", "4");
            assertThat(there.end).isEqualTo("complete");
            pair.advance(DRAIN_TIMEOUT);
            assertThat(closed).hasToString("complete");
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void waitsForWhatASendHasWrittenAndThePeerHasNotConsumed(StreamConfig config) {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", config);
            Slow there = slow(pair);
            stream.send(Flux.just("a", "b"), Codec.utf8()).subscribe();
            pair.settle();
            Result closed = close(pair, stream);
            assertThat(closed).hasToString("pending");

            there.request(2);
            pair.settle();
            assertThat(closed).hasToString("complete");
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void resetsAtTheDrainTimeOut(StreamConfig config) {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", config);
            Slow there = slow(pair);
            stream.trySend("a", Codec.utf8());
            Result closed = close(pair, stream);
            pair.advance(DRAIN_TIMEOUT.minusMillis(1));
            assertThat(closed).hasToString("pending");

            pair.advance(Duration.ofMillis(1));
            assertThat(closed.failure).isInstanceOf(StreamStopped.class);
            assertThat(closed.reason()).isEqualTo(CloseReason.local(ErrorCode.DRAIN_TIMEOUT));
            assertThat(there.failure)
                    .isInstanceOfSatisfying(
                            StreamReset.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.remote(ErrorCode.DRAIN_TIMEOUT)));
            assertThat(there.elements).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void failsWhenThePeerStopsFirst(StreamConfig config) {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", config);
            Slow there = slow(pair);
            stream.trySend("a", Codec.utf8());
            Result closed = close(pair, stream);
            there.cancel();
            pair.settle();
            assertThat(closed.failure).isInstanceOf(StreamStopped.class);
            assertThat(closed.reason()).isEqualTo(CloseReason.remote(ErrorCode.CANCELLED));
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void failsWhenTheSessionIsLostFirst(StreamConfig config) {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", config);
            slow(pair);
            stream.send(Flux.just("a"), Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            Result closed = close(pair, stream);
            pair.network.reset(NodePair.NAME);
            pair.settle();
            assertThat(closed.failure).isInstanceOf(SessionClosedException.class);
            assertThat(closed.reason()).isEqualTo(CloseReason.local(ErrorCode.LINK_LOST));
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void tellsEveryoneWhoCloses(StreamConfig config) {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", config);
            Slow there = slow(pair);
            stream.trySend("a", Codec.utf8());
            Result first = close(pair, stream);
            Result second = close(pair, stream);
            there.request(1);
            pair.settle();
            Result late = close(pair, stream);
            assertThat(List.of(first, second, late)).allMatch(result -> "complete".equals(result.toString()));
        }
    }

    @Test
    void aSessionThatHasEndedLeavesNoDrainPending() {
        StreamConfig config = StreamConfig.fireAndForget().withCloseBehavior(CloseBehavior.DRAIN_THEN_CLOSE);
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", config);
            slow(pair);
            stream.send(Flux.just("a"), Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            pair.session.dispose();
            pair.settle();
            assertThat(close(pair, stream).failure).isInstanceOf(SessionClosedException.class);
        }
    }

    // ---- how

    private static Slow slow(NodePair pair) {
        Slow slow = new Slow();
        pair.serverSession()
                .openStream("x", StreamConfig.reliable())
                .receive(Codec.utf8())
                .subscribe(slow);
        pair.settle();
        return slow;
    }

    private static Result close(NodePair pair, PeerStream stream) {
        Result result = new Result();
        stream.close().subscribe(v -> {}, e -> result.failure = e, () -> result.completed = true);
        pair.settle();
        return result;
    }

    private static final class Result {
        private boolean completed;
        private @Nullable Throwable failure;

        CloseReason reason() {
            return ((WeirException) java.util.Objects.requireNonNull(failure)).reason();
        }

        @Override
        public String toString() {
            return completed ? "complete" : failure == null ? "pending" : failure.toString();
        }
    }

    /** Asks for nothing by itself. */
    private static final class Slow extends BaseSubscriber<String> {
        private final List<String> elements = new ArrayList<>();
        private String end = "";
        private @Nullable Throwable failure;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(String value) {
            elements.add(value);
        }

        @Override
        protected void hookOnComplete() {
            end = "complete";
        }

        @Override
        protected void hookOnError(Throwable e) {
            failure = e;
        }
    }
}
