package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.OpenStats;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Streams that the peer does not allow: visible, and over after a time. */
class OpenTimeoutTest {

    private static final int ALLOWED = 20;
    private static final CloseReason LIMIT = CloseReason.local(ErrorCode.STREAM_LIMIT);

    private static NodePair pair() {
        return NodePair.of(spec -> spec.limits(NodeLimits.defaults().withMaxStreams(ALLOWED))
                .onStream("endless", stream -> stream.send(Flux.never(), Codec.utf8())));
    }

    private static PeerStream open(NodePair pair, long id) {
        return pair.session.openStream(new StreamId(id), StreamOpen.named("endless"), StreamConfig.reliable());
    }

    @Test
    void theEndlessStreamAfterTheLastThatIsAllowedFailsAfterTheOpenTimeout() {
        try (NodePair pair = pair()) {
            for (int i = 0; i < ALLOWED; i++) {
                open(pair, i).receive(Codec.utf8()).subscribe();
                pair.settle();
            }
            assertThat(pair.session.openStats()).isEqualTo(new OpenStats(ALLOWED, 0, 0, ALLOWED, 0));

            PeerStream waiting = open(pair, ALLOWED);
            AtomicReference<Throwable> received = new AtomicReference<>();
            AtomicReference<Throwable> sent = new AtomicReference<>();
            waiting.receive(Codec.utf8()).subscribe(v -> {}, received::set);
            waiting.send(Flux.never(), Codec.utf8()).subscribe(v -> {}, sent::set);
            PeerStream offering = open(pair, ALLOWED + 1);
            assertThat(offering.trySend("a", Codec.utf8())).isEqualTo(TrySend.OK);
            pair.advance(Duration.ofMillis(29_999));
            assertThat(received.get()).isNull();
            assertThat(sent.get()).isNull();
            assertThat(pair.session.openStats()).isEqualTo(new OpenStats(ALLOWED, 2, 0, ALLOWED, 0));

            pair.advance(Duration.ofMillis(2));
            assertThat(received.get())
                    .isInstanceOfSatisfying(
                            StreamReset.class, e -> assertThat(e.reason()).isEqualTo(LIMIT));
            assertThat(sent.get())
                    .isInstanceOfSatisfying(
                            StreamStopped.class, e -> assertThat(e.reason()).isEqualTo(LIMIT));
            assertThat(offering.trySend("b", Codec.utf8())).isEqualTo(TrySend.NOT_CONNECTED);
            assertThat(pair.session.openStats()).isEqualTo(new OpenStats(ALLOWED, 0, 2, ALLOWED, 0));
            assertThat(SessionProbe.streams(pair.session).bound()).isEqualTo(ALLOWED);
        }
    }

    @Test
    void aNodeOpensNoMoreThanItsOwnLimit() {
        NodeLimits two = NodeLimits.defaults().withMaxOpenedStreams(2);
        try (NodePair pair = NodePair.of(
                spec -> spec.onStream("endless", stream -> stream.send(Flux.never(), Codec.utf8())),
                spec -> spec.limits(two))) {
            Disposable first = open(pair, 1).receive(Codec.utf8()).subscribe();
            open(pair, 2).receive(Codec.utf8()).subscribe();
            pair.settle();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            open(pair, 3).receive(Codec.utf8()).subscribe(v -> {}, failure::set);
            pair.settle();
            assertThat(failure.get())
                    .isInstanceOfSatisfying(
                            StreamReset.class,
                            e -> assertThat(e.reason())
                                    .isEqualTo(CloseReason.local(
                                            ErrorCode.STREAM_LIMIT, "NodeLimits.maxOpenedStreams are open: 2")));

            first.dispose();
            open(pair, 1).dispose();
            pair.settle();
            failure.set(null);
            open(pair, 4).receive(Codec.utf8()).subscribe(v -> {}, failure::set);
            pair.settle();
            assertThat(failure.get()).isNull();
        }
    }

    @Test
    void oneThatIsAllowedInTimeGoesOn() {
        try (NodePair pair = NodePair.of(spec -> spec.limits(
                        NodeLimits.defaults().withMaxStreams(1))
                .onStream("endless", stream -> stream.send(Flux.just("a").concatWith(Flux.never()), Codec.utf8())))) {
            Disposable first = open(pair, 1).receive(Codec.utf8()).subscribe();
            pair.settle();
            List<Object> got = new ArrayList<>();
            open(pair, 2).receive(Codec.utf8()).subscribe(got::add, got::add);
            pair.advance(Duration.ofSeconds(20));
            assertThat(got).isEmpty();

            first.dispose();
            open(pair, 1).dispose();
            pair.settle();
            assertThat(got).containsExactly("a");
            pair.advance(Duration.ofMinutes(2));
            assertThat(got).containsExactly("a");
            assertThat(pair.session.openStats().timedOut()).isZero();
        }
    }

    @Test
    void theTimeoutIsTheNodesOwn() {
        NodeLimits impatient = NodeLimits.defaults().withOpenTimeout(Duration.ofSeconds(1));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (NodePair pair = NodePair.of(
                spec -> spec.limits(NodeLimits.defaults().withMaxStreams(1)).onStream("endless", s -> Mono.never()),
                spec -> spec.limits(impatient))) {
            open(pair, 1).receive(Codec.utf8()).subscribe();
            pair.settle();
            pair.session
                    .exchange("endless", Flux.never(), Codec.utf8(), Codec.utf8())
                    .subscribe(v -> {}, failure::set);
            pair.advance(Duration.ofMillis(999));
            assertThat(failure.get()).isNull();
            pair.advance(Duration.ofMillis(2));
            assertThat(failure.get()).isInstanceOf(StreamReset.class);
        }
    }
}
