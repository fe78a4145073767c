package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerStream;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

/** An error of the sending side comes behind the elements that came before it, as in any Flux. */
class StreamErrorOrderTest {

    private static final Duration DRAIN_TIMEOUT = NodeLimits.defaults().drainTimeout();
    private static final Codec<String> TEXT = Codec.utf8();
    private static final List<String> HUNDRED =
            IntStream.rangeClosed(1, 100).mapToObj(String::valueOf).toList();

    private final IllegalStateException failure = new IllegalStateException("secret");

    static Stream<StreamConfig> configs() {
        return Stream.of(StreamConfig.reliable(), StreamConfig.fireAndForget());
    }

    @ParameterizedTest
    @MethodSource("configs")
    void allThatCameBeforeItArrivesHoweverSlowlyItIsAskedFor(StreamConfig config) {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "broken",
                config,
                stream -> stream.send(Flux.fromIterable(HUNDRED).concatWith(Flux.error(failure)), TEXT)))) {
            Slow<String> here = receive(pair.session.openStream("broken", config), TEXT);
            for (int i = 0; i < 100; i++) {
                pair.settle();
                assertThat(here.failure).isNull();
                here.request(1);
            }
            pair.settle();

            assertThat(here.elements).isEqualTo(HUNDRED);
            assertRemote(here.failure, ErrorCode.APPLICATION_ERROR);
            assertThat(here.failure).hasMessageNotContaining("secret");
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void sendFailsAtOnceAndTheHalfDrainsByItself(StreamConfig config) {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<String> there = there(pair, TEXT);
            PeerStream stream = pair.session.openStream("x", config);
            Outcome sent = send(pair, stream, Flux.fromIterable(HUNDRED).concatWith(Flux.error(failure)), TEXT);
            assertThat(sent.failure).isSameAs(failure);
            assertThat(there.elements).isEmpty();

            pair.advance(DRAIN_TIMEOUT.minusMillis(1));
            there.request(100);
            pair.settle();
            assertThat(there.elements).isEqualTo(HUNDRED);
            assertRemote(there.failure, ErrorCode.APPLICATION_ERROR);
            Outcome drained = Outcome.of(pair.session.drain(Duration.ofSeconds(1)));
            stream.dispose();
            pair.settle();
            assertThat(drained).hasToString("complete");
        }
    }

    @Test
    void whatWasAcceptedBeyondTheCreditGoesOutUnderCredit() {
        // the small ones let the sender ask for many more; of the large ones four fill the window
        List<byte[]> elements = Stream.concat(
                        Stream.generate(() -> new byte[1]).limit(200),
                        Stream.generate(() -> new byte[16_000]).limit(40))
                .toList();
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<byte[]> there = there(pair, Codec.bytes());
            PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
            Outcome sent =
                    send(pair, stream, Flux.fromIterable(elements).concatWith(Flux.error(failure)), Codec.bytes());
            there.request(200);
            pair.settle();
            there.request(3);
            pair.settle();
            assertThat(sent.failure).as("all was asked for").isSameAs(failure);
            assertThat(stream.stats().txSeq()).as("written").isLessThan(elements.size());
            assertThat(there.failure).isNull();

            there.request(Long.MAX_VALUE);
            pair.settle();
            assertThat(there.elements).hasSameSizeAs(elements);
            assertRemote(there.failure, ErrorCode.APPLICATION_ERROR);
        }
    }

    @Test
    void aPayloadThatIsPartlyWrittenIsFinished() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<byte[]> there = there(pair, Codec.bytes());
            PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
            TestPublisher<byte[]> publisher = TestPublisher.create();
            Outcome sent = send(pair, stream, publisher, Codec.bytes());
            publisher.next(new byte[1 << 20]);
            pair.settle();
            publisher.error(failure);
            pair.settle();
            assertThat(sent.failure).isSameAs(failure);
            assertThat(there.elements).isEmpty();

            there.request(1);
            pair.settle();
            assertThat(there.elements)
                    .singleElement()
                    .satisfies(large -> assertThat(large).hasSize(1 << 20));
            assertRemote(there.failure, ErrorCode.APPLICATION_ERROR);
        }
    }

    /** All of it before the loop has seen the element: the cancellation came first. */
    @Test
    void aSendThatWasCancelledBeforeItsPublisherFailedIsReset() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<String> there = there(pair, TEXT);
            TestPublisher<String> publisher = TestPublisher.create();
            Disposable sending = pair.session
                    .openStream("x", StreamConfig.reliable())
                    .send(publisher, TEXT)
                    .subscribe();
            pair.settle();

            pair.time.schedule(() -> {
                publisher.next("a");
                sending.dispose();
                publisher.error(failure);
            });
            pair.settle();

            assertRemote(there.failure, ErrorCode.CANCELLED);
        }
    }

    @Test
    void aCancellationBehindTheErrorOfThePublisherTakesNothingBack() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<String> there = there(pair, TEXT);
            AtomicReference<Subscription> sending = new AtomicReference<>();
            Outcome sent = Outcome.of(pair.session
                    .openStream("x", StreamConfig.reliable())
                    .send(Flux.fromIterable(HUNDRED).concatWith(Flux.error(failure)), TEXT)
                    .doOnSubscribe(sending::set));
            pair.settle();
            assertThat(sent.failure).isSameAs(failure);

            sending.get().cancel();
            there.request(Long.MAX_VALUE);
            pair.settle();

            assertThat(there.elements).isEqualTo(HUNDRED);
            assertRemote(there.failure, ErrorCode.APPLICATION_ERROR);
        }
    }

    @Test
    void anElementThatCannotBeEncodedEndsTheHalfBehindThoseBeforeIt() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<String> there = there(pair, TEXT);
            PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
            TestPublisher<String> publisher = TestPublisher.create();
            Outcome sent = send(pair, stream, publisher, TEXT);
            publisher.next("a");
            pair.settle();
            publisher.next("b", "\uD800", "never");
            pair.settle();
            assertThat(sent.failure).isInstanceOf(CodecException.class);
            publisher.assertCancelled();
            assertThat(there.failure).isNull();

            there.request(1);
            pair.settle();
            assertThat(there.failure).isNull();
            there.request(1);
            pair.settle();
            assertThat(there.elements).containsExactly("a", "b");
            assertRemote(there.failure, ErrorCode.ENCODE_FAILED);
        }
    }

    @Test
    void anElementThatThePeerNeverTakesEndsTheHalfBehindThoseBeforeIt() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<byte[]> there = there(pair, Codec.bytes());
            PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
            int most = (int) NodeLimits.defaults().maxPayloadBytes();
            Outcome sent = send(pair, stream, Flux.just(new byte[1], new byte[most + 1]), Codec.bytes());
            assertThat(sent.failure).isInstanceOf(PayloadTooLargeException.class);

            there.request(1);
            pair.settle();
            assertThat(there.elements).hasSize(1);
            assertRemote(there.failure, ErrorCode.PAYLOAD_TOO_LARGE);
        }
    }

    @Test
    void aPublisherThatThrowsWhenItIsAskedLosesNothingOfWhatItHadEmitted() {
        Publisher<String> throwing = subscriber -> subscriber.onSubscribe(new Subscription() {
            private boolean asked;

            @Override
            public void request(long n) {
                if (asked) {
                    throw failure;
                }
                asked = true;
                subscriber.onNext("a");
            }

            @Override
            public void cancel() {}
        });
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<String> there = there(pair, TEXT);
            Outcome sent = send(pair, pair.session.openStream("x", StreamConfig.reliable()), throwing, TEXT);
            assertThat(sent.failure).isSameAs(failure);
            there.request(1);
            pair.settle();
            assertThat(there.elements).containsExactly("a");
            assertRemote(there.failure, ErrorCode.APPLICATION_ERROR);
        }
    }

    @Test
    void aPeerThatDoesNotConsumeIsResetAtTheDrainTimeOut() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<String> there = there(pair, TEXT);
            PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
            Outcome sent = send(pair, stream, Flux.fromIterable(HUNDRED).concatWith(Flux.error(failure)), TEXT);
            pair.advance(DRAIN_TIMEOUT.minusMillis(1));
            assertThat(there.failure).isNull();

            pair.advance(Duration.ofMillis(1));
            assertThat(there.elements).isEmpty();
            assertRemote(there.failure, ErrorCode.DRAIN_TIMEOUT);
            assertThat(sent.failure).as("told once").isSameAs(failure);
        }
    }

    @Test
    void whatIsQueuedWhenTheSessionIsLostIsFollowedByTheErrorThatHadCome() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<String> there = there(pair, TEXT);
            PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
            send(pair, stream, Flux.just("a", "b").concatWith(Flux.error(failure)), TEXT);
            pair.network.reset(NodePair.NAME);
            pair.settle();
            assertThat(there.failure).isNull();

            there.request(2);
            pair.settle();
            assertThat(there.elements).containsExactly("a", "b");
            assertRemote(there.failure, ErrorCode.APPLICATION_ERROR);
        }
    }

    @Test
    void aHandlerThatFailsEndsTheHalfBehindWhatItHadOffered() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("offers", stream -> {
            for (String value : HUNDRED) {
                assertThat(stream.trySend(value, TEXT)).isEqualTo(TrySend.OK);
            }
            return Mono.error(failure);
        }))) {
            Slow<String> here = receive(pair.session.openStream("offers", StreamConfig.reliable()), TEXT);
            pair.settle();
            here.request(99);
            pair.settle();
            assertThat(here.failure).isNull();

            here.request(1);
            pair.settle();
            assertThat(here.elements).isEqualTo(HUNDRED);
            assertRemote(here.failure, ErrorCode.APPLICATION_ERROR);
        }
    }

    @Test
    void aHandlerThatFailsStopsWhatThePeerSends() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("broken", stream -> {
            stream.receive(TEXT).subscribe(value -> {}, e -> {});
            return stream.send(Flux.just("a").concatWith(Flux.error(failure)), TEXT);
        }))) {
            TestPublisher<String> publisher = TestPublisher.create();
            PeerStream stream = pair.session.openStream("broken", StreamConfig.reliable());
            Outcome sent = send(pair, stream, publisher, TEXT);
            assertRemoteStop(sent.failure);
            publisher.assertCancelled();
        }
    }

    @Test
    void closingAfterTheErrorCompletesWhenTheRestIsConsumed() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<String> there = there(pair, TEXT);
            PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
            send(pair, stream, Flux.just("a").concatWith(Flux.error(failure)), TEXT);
            Outcome closed = Outcome.of(stream.close());
            pair.settle();
            assertThat(closed).hasToString("pending");

            there.request(1);
            pair.settle();
            assertThat(closed).hasToString("complete");
            assertRemote(there.failure, ErrorCode.APPLICATION_ERROR);
        }
    }

    @Test
    void disposingAfterTheErrorIsAsAbruptAsEver() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Slow<String> there = there(pair, TEXT);
            PeerStream stream = pair.session.openStream("x", StreamConfig.reliable());
            send(pair, stream, Flux.just("a").concatWith(Flux.error(failure)), TEXT);
            stream.dispose();
            pair.settle();
            there.request(1);
            pair.settle();
            assertThat(there.elements).isEmpty();
            assertRemote(there.failure, ErrorCode.STREAM_CLOSED);
        }
    }

    @Test
    void aSubscriberThatComesAfterTheErrorGetsAllOfIt() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            send(
                    pair,
                    pair.session.openStream("x", StreamConfig.reliable()),
                    Flux.just("a", "b").concatWith(Flux.error(failure)),
                    TEXT);
            Slow<String> there = there(pair, TEXT);
            there.request(2);
            pair.settle();
            assertThat(there.elements).containsExactly("a", "b");
            assertRemote(there.failure, ErrorCode.APPLICATION_ERROR);
        }
    }

    @Test
    void anExchangeFailsAtOnceThoughItsValuesHaveNotBeenConsumed() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("mute", stream -> Mono.never()))) {
            Outcome exchanged = Outcome.of(pair.session
                    .exchange("mute", Flux.just("a").concatWith(Flux.error(failure)), TEXT, TEXT)
                    .then());
            pair.settle();
            assertThat(exchanged.failure).isSameAs(failure);
        }
    }

    @Test
    void allRepliesOfAnExchangeComeBeforeTheErrorOfItsHandler() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "replies", stream -> stream.send(Flux.fromIterable(HUNDRED).concatWith(Flux.error(failure)), TEXT)))) {
            Slow<String> here = new Slow<>();
            pair.session.exchange("replies", Flux.<String>never(), TEXT, TEXT).subscribe(here);
            pair.settle();
            here.request(99);
            pair.settle();
            assertThat(here.failure).isNull();
            here.request(1);
            pair.settle();
            assertThat(here.elements).isEqualTo(HUNDRED);
            assertRemote(here.failure, ErrorCode.APPLICATION_ERROR);
        }
    }

    // ---- how

    private static <T> Slow<T> there(NodePair pair, Codec<T> codec) {
        Slow<T> slow = receive(pair.serverSession().openStream("x", StreamConfig.reliable()), codec);
        pair.settle();
        return slow;
    }

    private static <T> Slow<T> receive(PeerStream stream, Codec<T> codec) {
        Slow<T> slow = new Slow<>();
        stream.receive(codec).subscribe(slow);
        return slow;
    }

    private static <T> Outcome send(NodePair pair, PeerStream stream, Publisher<T> source, Codec<T> codec) {
        Outcome outcome = Outcome.of(stream.send(source, codec));
        pair.settle();
        return outcome;
    }

    private static void assertRemote(@Nullable Throwable e, ErrorCode code) {
        assertThat(e)
                .isInstanceOfSatisfying(
                        StreamReset.class, reset -> assertThat(reset.reason()).isEqualTo(CloseReason.remote(code)));
    }

    private static void assertRemoteStop(@Nullable Throwable e) {
        assertThat(e)
                .isInstanceOfSatisfying(
                        StreamStopped.class,
                        stopped -> assertThat(stopped.reason())
                                .isEqualTo(CloseReason.remote(ErrorCode.APPLICATION_ERROR)));
    }

    private static final class Outcome {
        private boolean completed;
        private @Nullable Throwable failure;

        static Outcome of(Mono<Void> result) {
            Outcome outcome = new Outcome();
            result.subscribe(v -> {}, e -> outcome.failure = e, () -> outcome.completed = true);
            return outcome;
        }

        @Override
        public String toString() {
            return completed ? "complete" : failure == null ? "pending" : failure.toString();
        }
    }

    /** Asks for nothing by itself. */
    private static final class Slow<T> extends BaseSubscriber<T> {
        private final List<T> elements = new ArrayList<>();
        private @Nullable Throwable failure;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(T value) {
            elements.add(value);
        }

        @Override
        protected void hookOnError(Throwable e) {
            failure = e;
        }
    }
}
