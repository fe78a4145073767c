package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.SendTimes;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerStream;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class SendTimesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long NANOS = SECOND.toNanos();
    private static final StreamConfig CONFIG = StreamConfig.reliable().withFixedWindow(10_000);

    private final Held held = new Held();

    @Test
    void areNoneBeforeTheStreamIsUsed() {
        try (NodePair pair = pair()) {
            PeerStream stream = pair.session.openStream("x", CONFIG);
            pair.advance(SECOND);
            assertThat(stream.stats().times()).isEqualTo(SendTimes.NONE);
        }
    }

    @Test
    void showAPublisherThatHasNothingToSay() {
        try (NodePair pair = pair()) {
            held.ask(Long.MAX_VALUE);
            PeerStream stream = pair.session.openStream("x", CONFIG);
            Sinks.Many<String> values = Sinks.many().unicast().onBackpressureBuffer();
            stream.send(values.asFlux(), Codec.utf8()).subscribe();
            pair.settle();
            pair.advance(SECOND);
            assertThat(stream.stats().times()).isEqualTo(new SendTimes(0, 0, 0, NANOS));

            values.tryEmitNext("a");
            pair.settle();
            pair.advance(SECOND);
            assertThat(stream.stats().times()).isEqualTo(new SendTimes(0, 0, 0, 2 * NANOS));
        }
    }

    @Test
    void showASubscriberThatDoesNotAsk() {
        try (NodePair pair = pair()) {
            PeerStream stream = pair.session.openStream("x", CONFIG);
            stream.send(Flux.range(0, 1_000).map(i -> "a".repeat(84)), Codec.utf8())
                    .subscribe();
            pair.settle();
            pair.advance(SECOND);
            assertThat(stream.stats().times()).isEqualTo(new SendTimes(0, NANOS, 0, 0));

            held.ask(Long.MAX_VALUE);
            pair.settle();
            pair.advance(SECOND);
            SendTimes after = stream.stats().times();
            assertThat(after).isEqualTo(new SendTimes(0, NANOS, 0, after.idleNanos()));
        }
    }

    @Test
    void showThatNothingMayBeAskedOfAPublisherForLackOfCredit() {
        try (NodePair pair = pair()) {
            PeerStream stream = pair.session.openStream("x", CONFIG);
            Flux<String> fits = Flux.range(0, 100).map(i -> "a".repeat(84)); // exactly the window
            stream.send(fits.concatWith(Flux.never()), Codec.utf8()).subscribe();
            pair.settle();
            pair.advance(SECOND);
            assertThat(stream.stats().times()).isEqualTo(new SendTimes(0, NANOS, 0, 0));
        }
    }

    @Test
    void showThatTrySendIsRefusedForLackOfCredit() {
        try (NodePair pair = pair()) {
            PeerStream stream = pair.session.openStream("x", CONFIG);
            assertThat(stream.trySend("a", Codec.utf8())).isEqualTo(TrySend.OK);
            pair.settle();
            pair.advance(SECOND);
            assertThat(stream.stats().times()).isEqualTo(new SendTimes(0, 0, 0, NANOS));

            while (stream.trySend("a".repeat(500), Codec.utf8()) == TrySend.OK) {
                // until the window is full
            }
            pair.settle();
            pair.advance(SECOND);
            assertThat(stream.stats().times()).isEqualTo(new SendTimes(0, NANOS, 0, NANOS));
        }
    }

    @Test
    void showALinkThatTakesNothing() {
        StreamConfig large = StreamConfig.reliable().withFixedWindow(4_000_000);
        // 10 KB a second: one record at a time is on its way
        try (NodePair pair = NodePair.paced(
                Duration.ZERO,
                10_000,
                spec -> spec.onStream("x", large, stream -> {
                    stream.receive(Codec.utf8()).subscribe(held);
                    return Mono.never();
                }),
                UnaryOperator.identity())) {
            held.ask(Long.MAX_VALUE);
            PeerStream stream = pair.session.openStream("x", large);
            stream.send(Flux.range(0, 10_000).map(i -> "a".repeat(984)), Codec.utf8())
                    .subscribe();
            pair.advance(SECOND.multipliedBy(100));

            SendTimes times = stream.stats().times();
            assertThat(times.lifeNanos()).isBetween(98 * NANOS, 100 * NANOS);
            assertThat(times.blockedByLinkNanos()).isGreaterThan(90 * NANOS);
            assertThat(times.blockedByCreditNanos()).isLessThan(5 * NANOS);
        }
    }

    @Test
    void standStillWhenTheHalfHasEnded() {
        try (NodePair pair = pair()) {
            held.ask(Long.MAX_VALUE);
            PeerStream stream = pair.session.openStream("x", CONFIG);
            Disposable sending = stream.send(Flux.<String>never(), Codec.utf8()).subscribe(null, e -> {});
            pair.settle();
            pair.advance(SECOND);
            sending.dispose();
            pair.settle();
            pair.advance(SECOND);
            assertThat(stream.stats().times()).isEqualTo(new SendTimes(0, 0, 0, NANOS));
        }
    }

    /** A node whose stream "x" goes to {@link #held}. */
    private NodePair pair() {
        return NodePair.of(spec -> spec.onStream("x", CONFIG, stream -> {
            stream.receive(Codec.utf8()).subscribe(held);
            return Mono.never();
        }));
    }

    /** Takes what it is told to ask for. */
    private static final class Held extends BaseSubscriber<String> {
        private long early;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (early > 0) {
                subscription.request(early);
            }
        }

        void ask(long n) {
            early = n;
            if (upstream() != null) {
                request(n);
            }
        }
    }
}
