package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.CloseReason;
import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.error.WeirException;
import io.weir.core.stream.CloseBehavior;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.retry.Retry;

/** What DESIGN section 3 promises of a stream, in memory and in virtual time. */
class StreamApiTest {

    private static final StreamConfig RELIABLE = StreamConfig.reliable();

    private final AtomicReference<Scheduler> pairTime = new AtomicReference<>();

    @Test
    void aHandleDoesNothingUntilItsFirstUse() {
        AtomicInteger handled = new AtomicInteger();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", stream -> {
            handled.incrementAndGet();
            return Mono.never();
        }))) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            Flux<String> receive = stream.receive(Codec.utf8());
            Mono<Void> send = stream.send(Flux.just("a"), Codec.utf8());
            pair.settle();
            assertThat(handled).hasValue(0);
            send.subscribe();
            receive.subscribe();
            pair.settle();
            assertThat(handled).hasValue(1);
        }
    }

    @Test
    void aHandleThatIsDisposedOfBeforeItsFirstUseEndsAlone() {
        List<String> opened = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", stream -> {
            opened.add(stream.name());
            return stream.send(Flux.just("a").concatWith(Flux.never()), Codec.utf8());
        }))) {
            PeerStream unused = pair.session.openStream("x", RELIABLE);
            unused.dispose();
            assertThat(unused.isDisposed()).isTrue();
            assertEndedBeforeUse(pair, unused);
            StepVerifier.create(unused.close()).then(pair::settle).verifyComplete();
            assertThat(opened).isEmpty();

            List<String> got = new ArrayList<>();
            pair.session.openStream("x", RELIABLE).receive(Codec.utf8()).subscribe(got::add);
            pair.settle();
            PeerStream second = pair.session.openStream("x", RELIABLE);
            second.receiveOn(Schedulers.immediate()).dispose();
            PeerStream third = pair.session.openStream("x", RELIABLE);
            StepVerifier.create(third.close()).then(pair::settle).verifyComplete();
            assertEndedBeforeUse(pair, second);
            assertEndedBeforeUse(pair, third);
            assertThat(opened).containsExactly("x");
            assertThat(got).containsExactly("a");
            PeerStream joined = pair.session.openStream("x", RELIABLE);
            assertThat(joined.trySend("b", Codec.utf8())).isEqualTo(TrySend.OK);
        }
    }

    private static void assertEndedBeforeUse(NodePair pair, PeerStream stream) {
        StepVerifier.create(stream.receive(Codec.utf8()))
                .then(pair::settle)
                .expectErrorSatisfies(e -> {
                    assertThat(e).isInstanceOf(StreamReset.class);
                    assertThat(((StreamReset) e).reason()).isEqualTo(CloseReason.local(ErrorCode.STREAM_CLOSED));
                })
                .verify();
        StepVerifier.create(stream.send(Flux.just("x"), Codec.utf8()))
                .then(pair::settle)
                .expectErrorSatisfies(e -> {
                    assertThat(e).isInstanceOf(StreamStopped.class);
                    assertThat(((StreamStopped) e).reason()).isEqualTo(CloseReason.local(ErrorCode.STREAM_CLOSED));
                })
                .verify();
        PeerStream unfed = stream.receiveOn(Schedulers.immediate());
        assertThat(unfed.isDisposed()).isTrue();
        assertThat(unfed.stats().active()).isFalse();
    }

    @Test
    void aHandleThatIsDisposedOfBeforeItsFirstUseOffersNothing() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream unused = pair.session.openStream("x", RELIABLE);
            unused.dispose();
            assertThat(unused.trySend("a", Codec.utf8())).isEqualTo(TrySend.NOT_CONNECTED);
        }
    }

    @Test
    void nameAndHeadersReachTheHandlerBeforeTheFirstElement() {
        List<String> seen = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("orders", stream -> {
            seen.add(stream.name() + " " + stream.headers().text("tenant"));
            return stream.receive(Codec.utf8()).doOnNext(seen::add).then();
        }))) {
            pair.session
                    .openStream(
                            StreamId.of("any"),
                            StreamOpen.named("orders").withHeaders(Headers.of("tenant", "acme")),
                            RELIABLE)
                    .send(Flux.just("1", "2"), Codec.utf8())
                    .subscribe();
            pair.settle();
            assertThat(seen).containsExactly("orders acme", "1", "2");
        }
    }

    @Test
    void theTwoDirectionsMayHaveTwoTypes() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "length",
                stream -> stream.send(
                        stream.receive(Codec.utf8()).map(text -> new byte[text.length()]), Codec.bytes())))) {
            PeerStream stream = pair.session.openStream("length", RELIABLE);
            stream.send(Flux.just("a", "bb", ""), Codec.utf8()).subscribe();
            StepVerifier.create(stream.receive(Codec.bytes()).map(bytes -> bytes.length))
                    .then(pair::settle)
                    .expectNext(1, 2, 0)
                    .verifyComplete();
        }
    }

    @Test
    void aSecondSendOnTheHalfIsRefused() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", stream -> Mono.never()))) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            stream.send(Flux.never(), Codec.utf8()).subscribe();
            StepVerifier.create(stream.send(Flux.just("b"), Codec.utf8()))
                    .verifyErrorMatches(e ->
                            e instanceof IllegalStateException && e.getMessage().contains("merge"));
            assertThatThrownBy(() -> stream.trySend("c", Codec.utf8())).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void receiveIsUnicastAndLaterSubscribersGetItsEnd() {
        try (NodePair pair =
                NodePair.of(spec -> spec.onStream("x", stream -> stream.send(Flux.just("a"), Codec.utf8())))) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            StepVerifier.create(stream.receive(Codec.utf8()), 0)
                    .then(() -> StepVerifier.create(stream.receive(Codec.utf8()))
                            .then(pair::settle)
                            .verifyError(IllegalStateException.class))
                    .thenRequest(1)
                    .then(pair::settle)
                    .expectNext("a")
                    .verifyComplete();
            StepVerifier.create(stream.receive(Codec.utf8())).then(pair::settle).verifyComplete();
        }
    }

    @Test
    void openStreamJoinsTheLiveStreamOfThatIdAndItsFirstConfigWins() {
        AtomicInteger handled = new AtomicInteger();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", stream -> {
            handled.incrementAndGet();
            return stream.send(stream.receive(Codec.utf8()), Codec.utf8());
        }))) {
            PeerStream sending = pair.session.openStream("x", RELIABLE);
            sending.send(Flux.just("a").concatWith(Flux.never()), Codec.utf8()).subscribe();
            pair.settle();
            PeerStream receiving = pair.session.openStream("x", StreamConfig.fireAndForget());
            StepVerifier.create(receiving.receive(Codec.utf8()))
                    .then(pair::settle)
                    .expectNext("a")
                    .thenCancel()
                    .verify();
            assertThat(handled).hasValue(1);
            assertThat(receiving.config()).isEqualTo(RELIABLE);
        }
    }

    @Test
    void bothSidesMayOpenTheSameStream() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            StreamId id = StreamId.of("chat");
            PeerStream here = pair.session.openStream(id, StreamOpen.named("chat"), RELIABLE);
            PeerStream there = pair.serverSession().openStream(id, StreamOpen.named("chat"), RELIABLE);
            here.send(Flux.just("from client"), Codec.utf8()).subscribe();
            there.send(Flux.just("from server"), Codec.utf8()).subscribe();
            StepVerifier.create(here.receive(Codec.utf8()))
                    .then(pair::settle)
                    .expectNext("from server")
                    .verifyComplete();
            StepVerifier.create(there.receive(Codec.utf8()))
                    .then(pair::settle)
                    .expectNext("from client")
                    .verifyComplete();
        }
    }

    @Test
    void aStreamThatNobodyClaimsIsRefusedAfterTenSeconds() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("nobody", RELIABLE);
            AtomicReference<Throwable> sent = new AtomicReference<>();
            AtomicReference<Throwable> received = new AtomicReference<>();
            stream.send(Flux.just("a"), Codec.utf8()).subscribe(v -> {}, sent::set);
            stream.receive(Codec.utf8()).subscribe(v -> {}, received::set);
            pair.advance(Duration.ofMillis(9_900));
            assertThat(sent.get()).isNull();
            pair.advance(Duration.ofMillis(200));
            assertThat(sent.get()).isInstanceOf(StreamStopped.class);
            assertThat(((WeirException) sent.get()).reason().error()).isEqualTo(ErrorCode.UNCLAIMED);
            assertThat(received.get()).isInstanceOf(StreamReset.class);
        }
    }

    @Test
    void atMostSixteenStreamsWaitToBeClaimed() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            List<String> refused = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String name = "s" + i;
                pair.session
                        .openStream(name, RELIABLE)
                        .send(Flux.just("a"), Codec.utf8())
                        .subscribe(v -> {}, e -> refused.add(name));
            }
            pair.settle();
            assertThat(refused).containsExactly("s16", "s17", "s18", "s19");
            StepVerifier.create(
                            pair.serverSession().streams().map(PeerStream::name).take(16))
                    .then(pair::settle)
                    .expectNextCount(16)
                    .verifyComplete();
        }
    }

    @Test
    void lossOfTheSessionDeliversWhatIsQueuedAndThenFailsRetryably() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "x", stream -> stream.send(Flux.just("a", "b", "c").concatWith(Flux.never()), Codec.utf8())))) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            StepVerifier.create(stream.receive(Codec.utf8()), 0)
                    .thenRequest(1)
                    .then(pair::settle)
                    .expectNext("a")
                    .then(() -> pair.network.reset(NodePair.NAME))
                    .then(pair::settle)
                    .thenRequest(2)
                    .then(pair::settle)
                    .expectNext("b", "c")
                    .consumeErrorWith(failure::set)
                    .verify();
            assertThat(failure.get()).isInstanceOf(SessionClosedException.class);
            assertThat(((WeirException) failure.get()).reason().retryable()).isTrue();
        }
    }

    @Test
    void reopeningIsDeferAndRetry() {
        AtomicInteger attempts = new AtomicInteger();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "flaky",
                stream -> stream.send(
                        attempts.incrementAndGet() < 3 ? Flux.error(new IllegalStateException()) : Flux.just("done"),
                        Codec.utf8())))) {
            StepVerifier.create(Flux.defer(() ->
                                    pair.session.openStream("flaky", RELIABLE).receive(Codec.utf8()))
                            .retryWhen(Retry.max(5).filter(e -> e instanceof StreamReset)))
                    .then(pair::settle)
                    .expectNext("done")
                    .verifyComplete();
            assertThat(attempts).hasValue(3);
        }
    }

    @Test
    void aSendMayFollowTheLastOneUnderTheSameName() {
        List<String> got = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "log", stream -> stream.receive(Codec.utf8()).doOnNext(got::add).then()))) {
            StepVerifier.create(Flux.range(1, 5)
                            .concatMap(i -> pair.session
                                    .openStream("log", RELIABLE)
                                    .send(Flux.just("a" + i, "b" + i), Codec.utf8()))
                            .then())
                    .then(pair::settle)
                    .verifyComplete();
            assertThat(got).hasSize(10).startsWith("a1", "b1", "a2").endsWith("b5");
        }
    }

    @Test
    void aHandlersWorkBehindItsLastElementIsNotCancelled() {
        AtomicBoolean saved = new AtomicBoolean();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "orders",
                stream -> stream.receive(Codec.utf8())
                        .flatMap(text -> Mono.delay(Duration.ofSeconds(1), pairTime.get())
                                .doOnNext(tick -> saved.set(true)))
                        .then()))) {
            pairTime.set(pair.time);
            pair.session
                    .openStream("orders", RELIABLE)
                    .send(Flux.just("1"), Codec.utf8())
                    .subscribe();
            pair.settle();
            assertThat(saved).isFalse();
            pair.advance(Duration.ofSeconds(2));
            assertThat(saved).isTrue();
        }
    }

    @Test
    void reliableSendCompletesOnlyWhenThePeerHasConsumedTheLastElement() {
        AtomicBoolean done = new AtomicBoolean();
        try (NodePair pair = NodePair.of(spec -> spec)) {
            pair.session
                    .openStream("x", RELIABLE)
                    .send(Flux.just("a", "b"), Codec.utf8())
                    .subscribe(null, null, () -> done.set(true));
            PeerStream there = pair.serverSession().openStream("x", RELIABLE);
            StepVerifier.create(there.receive(Codec.utf8()), 0)
                    .then(pair::settle)
                    .thenRequest(1)
                    .then(pair::settle)
                    .expectNext("a")
                    .then(() -> assertThat(done).isFalse())
                    .thenRequest(1)
                    .then(pair::settle)
                    .expectNext("b")
                    .then(pair::settle)
                    .verifyComplete();
            pair.settle();
            assertThat(done).isTrue();
        }
    }

    @Test
    void fireAndForgetSendCompletesWhenItIsWritten() {
        AtomicBoolean done = new AtomicBoolean();
        try (NodePair pair = NodePair.of(spec -> spec)) {
            pair.session
                    .openStream("x", StreamConfig.fireAndForget())
                    .send(Flux.just("a", "b"), Codec.utf8())
                    .subscribe(null, null, () -> done.set(true));
            pair.settle();
            assertThat(done).isTrue();
        }
    }

    @Test
    void trySendAcceptsWithinCreditAndQueuesNothingBeyond() {
        byte[] payload = new byte[1_008]; // costs 1,024: 64 fill the first window
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            int accepted = 0;
            while (stream.trySend(payload, Codec.bytes()) == TrySend.OK) {
                accepted++;
            }
            assertThat(accepted).isEqualTo(64);
            pair.settle();
            assertThat(stream.trySend(payload, Codec.bytes())).isEqualTo(TrySend.BACKPRESSURE);
            assertThat(stream.stats().backpressureEvents()).isGreaterThanOrEqualTo(2);
            PeerStream there = pair.serverSession().openStream("x", RELIABLE);
            AtomicInteger received = new AtomicInteger();
            there.receive(Codec.bytes()).subscribe(bytes -> received.incrementAndGet());
            pair.settle();
            assertThat(received).hasValue(64);
            assertThat(stream.trySend(payload, Codec.bytes())).isEqualTo(TrySend.OK);
            pair.session.dispose();
            pair.settle();
            assertThat(stream.trySend(payload, Codec.bytes())).isEqualTo(TrySend.NOT_CONNECTED);
        }
    }

    @Test
    void trySendRefusesWhatNoWindowCouldTake() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            assertThatThrownBy(() -> stream.trySend(new byte[70_000], Codec.bytes()))
                    .isInstanceOf(PayloadTooLargeException.class)
                    .hasMessageContaining("70000");
        }
    }

    @Test
    void aDecodeFailureStopsTheHalfAndTellsBothSides() {
        Codec<String> picky = Codec.of(text -> ByteBuffer.allocate(0), bytes -> {
            throw new IllegalArgumentException("no");
        });
        AtomicReference<Throwable> sender = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "x",
                stream -> stream.send(Flux.just("a").concatWith(Flux.never()), Codec.utf8())
                        .doOnError(sender::set)))) {
            StepVerifier.create(pair.session.openStream("x", RELIABLE).receive(picky))
                    .then(pair::settle)
                    .verifyErrorMatches(e -> e instanceof CodecException codec
                            && codec.reason().error() == ErrorCode.DECODE_FAILED
                            && codec.getCause() instanceof IllegalArgumentException);
            pair.settle();
            assertThat(((WeirException) sender.get()).reason().error()).isEqualTo(ErrorCode.DECODE_FAILED);
        }
    }

    @Test
    void anEncodeFailureResetsTheHalfAndCancelsThePublisher() {
        TestPublisher<String> publisher = TestPublisher.create();
        AtomicReference<Throwable> sender = new AtomicReference<>();
        Codec<String> broken = Codec.of(
                text -> {
                    throw new IllegalArgumentException("no");
                },
                bytes -> "");
        try (NodePair pair = NodePair.of(spec ->
                spec.onStream("x", stream -> stream.send(publisher, broken).doOnError(sender::set)))) {
            StepVerifier.create(pair.session.openStream("x", RELIABLE).receive(Codec.utf8()))
                    .then(pair::settle)
                    .then(() -> publisher.next("a"))
                    .then(pair::settle)
                    .verifyErrorMatches(e ->
                            e instanceof StreamReset reset && reset.reason().error() == ErrorCode.ENCODE_FAILED);
            publisher.assertCancelled();
            assertThat(sender.get()).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void aPayloadLargerThanTheWindowPassesWhole() {
        byte[] large = new byte[1 << 20];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31);
        }
        try (NodePair pair = NodePair.of(spec ->
                spec.onStream("x", stream -> stream.send(Flux.just(new byte[1], large, new byte[2]), Codec.bytes())))) {
            StepVerifier.create(pair.session.openStream("x", RELIABLE).receive(Codec.bytes()), 1)
                    .then(pair::settle)
                    .expectNextMatches(bytes -> bytes.length == 1)
                    .thenRequest(2)
                    .then(pair::settle)
                    .expectNextMatches(bytes -> java.util.Arrays.equals(bytes, large))
                    .expectNextMatches(bytes -> bytes.length == 2)
                    .verifyComplete();
        }
    }

    @Test
    void elementsLargerThanAWindowThatWasSetBelowTheFirstOnePass() {
        StreamConfig narrow = RELIABLE.withFixedWindow(1_024);
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "x", stream -> stream.send(Flux.range(0, 200).map(i -> new byte[1_984 + i % 3]), Codec.bytes())))) {
            StepVerifier.create(pair.session.openStream("x", narrow).receive(Codec.bytes()))
                    .then(pair::settle)
                    .expectNextCount(200)
                    .verifyComplete();
        }
    }

    @Test
    void aPayloadAboveThePeersMaximumFailsAtTheSender() {
        AtomicReference<Throwable> sender = new AtomicReference<>();
        try (NodePair pair = NodePair.of(
                spec -> spec.onStream(
                        "x",
                        stream -> stream.send(Flux.just(new byte[2_001]), Codec.bytes())
                                .doOnError(sender::set)),
                spec -> spec.limits(io.weir.reactive.NodeLimits.defaults().withMaxPayloadBytes(2_000)))) {
            StepVerifier.create(pair.session.openStream("x", RELIABLE).receive(Codec.bytes()))
                    .then(pair::settle)
                    .verifyErrorMatches(e ->
                            e instanceof StreamReset reset && reset.reason().error() == ErrorCode.PAYLOAD_TOO_LARGE);
            assertThat(sender.get())
                    .isInstanceOf(PayloadTooLargeException.class)
                    .hasMessageContaining("2001")
                    .hasMessageContaining("2000");
        }
    }

    @Test
    void drainThenCloseCompletesWhenThePeerHasEverything() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream =
                    pair.session.openStream("x", RELIABLE.withCloseBehavior(CloseBehavior.DRAIN_THEN_CLOSE));
            for (int i = 0; i < 5; i++) {
                assertThat(stream.trySend("" + i, Codec.utf8())).isEqualTo(TrySend.OK);
            }
            AtomicBoolean closed = new AtomicBoolean();
            stream.close().subscribe(null, null, () -> closed.set(true));
            pair.settle();
            assertThat(closed).isFalse();
            assertThat(stream.trySend("late", Codec.utf8())).isEqualTo(TrySend.NOT_CONNECTED);
            StepVerifier.create(pair.serverSession().openStream("x", RELIABLE).receive(Codec.utf8()))
                    .then(pair::settle)
                    .expectNext("0", "1", "2", "3", "4")
                    .verifyComplete();
            pair.settle();
            assertThat(closed).isTrue();
            assertThat(stream.isDisposed()).isTrue();
        }
    }

    @Test
    void aDrainThatTakesTooLongResetsTheStream() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            stream.trySend("a", Codec.utf8());
            AtomicReference<Throwable> failure = new AtomicReference<>();
            PeerStream there = pair.serverSession().openStream("x", RELIABLE);
            AtomicReference<Throwable> seen = new AtomicReference<>();
            there.receive(Codec.utf8()).subscribe(new reactor.core.publisher.BaseSubscriber<String>() {
                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription s) {
                    // asks for nothing
                }

                @Override
                protected void hookOnError(Throwable e) {
                    seen.set(e);
                }
            });
            pair.settle();
            stream.close().subscribe(null, failure::set);
            pair.advance(Duration.ofSeconds(11));
            assertThat(((WeirException) failure.get()).reason().error()).isEqualTo(ErrorCode.DRAIN_TIMEOUT);
            assertThat(((WeirException) seen.get()).reason().error()).isEqualTo(ErrorCode.DRAIN_TIMEOUT);
        }
    }

    @Test
    void dropAndCloseResetsAtOnce() {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "x", stream -> stream.receive(Codec.utf8()).doOnError(seen::set).then()))) {
            PeerStream stream = pair.session.openStream("x", StreamConfig.defaults());
            stream.trySend("a", Codec.utf8());
            pair.settle();
            AtomicBoolean closed = new AtomicBoolean();
            stream.close().subscribe(null, null, () -> closed.set(true));
            pair.settle();
            assertThat(closed).isTrue();
            assertThat(((WeirException) seen.get()).reason().error()).isEqualTo(ErrorCode.STREAM_CLOSED);
        }
    }

    @Test
    void anIdleStreamIsEvictedButNotOneWithASubscriber() {
        StreamConfig config = RELIABLE.withIdleTimeout(Duration.ofSeconds(2));
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", config, stream -> Mono.never()))) {
            PeerStream used = pair.session.openStream("x", config);
            used.receive(Codec.utf8()).subscribe();
            PeerStream idle = pair.session.openStream(StreamId.of("y"), StreamOpen.named("x"), config);
            idle.trySend("a", Codec.utf8());
            pair.advance(Duration.ofMillis(1_900));
            assertThat(used.isDisposed()).isFalse();
            pair.advance(Duration.ofSeconds(5));
            // the server's handler neither subscribes nor sends: its streams are idle, and so end
            assertThat(used.isDisposed()).isTrue();
        }
    }

    @Test
    void aStalledStreamDoesNotSlowItsSiblings() {
        AtomicLong sibling = new AtomicLong();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "flood", stream -> stream.send(Flux.<byte[]>generate(s -> s.next(new byte[1_000])), Codec.bytes())))) {
            StepVerifier.create(pair.session.openStream("flood", RELIABLE).receive(Codec.bytes()), 0)
                    .then(pair::settle)
                    .then(() -> pair.session
                            .openStream(StreamId.of("other"), StreamOpen.named("flood"), RELIABLE)
                            .receive(Codec.bytes())
                            .take(10_000)
                            .subscribe(bytes -> sibling.incrementAndGet()))
                    .then(pair::settle)
                    .then(() -> assertThat(sibling).hasValue(10_000))
                    .thenCancel()
                    .verify();
        }
    }

    @Test
    void aHandlerThatThrowsLosesItsStreamOnly() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("bad", stream -> {
                    throw new IllegalStateException("secret");
                })
                .onStream("good", stream -> stream.send(Flux.just("a"), Codec.utf8())))) {
            StepVerifier.create(pair.session.openStream("bad", RELIABLE).receive(Codec.utf8()))
                    .then(pair::settle)
                    .verifyErrorMatches(e ->
                            e instanceof StreamReset reset && reset.reason().error() == ErrorCode.APPLICATION_ERROR);
            StepVerifier.create(pair.session.openStream("good", RELIABLE).receive(Codec.utf8()))
                    .then(pair::settle)
                    .expectNext("a")
                    .verifyComplete();
        }
    }

    @Test
    void anIllegalRequestEndsTheHalfWithRule39() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", stream -> Mono.never()))) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            pair.session.openStream("x", RELIABLE).receive(Codec.utf8()).subscribe(new reactor.core.CoreSubscriber<>() {
                @Override
                public void onSubscribe(org.reactivestreams.Subscription s) {
                    s.request(0);
                }

                @Override
                public void onNext(String text) {}

                @Override
                public void onError(Throwable e) {
                    failure.set(e);
                }

                @Override
                public void onComplete() {}
            });
            pair.settle();
            assertThat(failure.get())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3.9");
        }
    }

    @Test
    void aSubscriberThatThrowsOnItsEndHarmsNoOther() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", stream -> Mono.never()))) {
            AtomicReference<Throwable> other = new AtomicReference<>();
            for (int i = 0; i < 2; i++) {
                pair.session
                        .openStream("bad" + i, RELIABLE)
                        .receive(Codec.utf8())
                        .subscribe(v -> {}, e -> {
                            throw new IllegalStateException("a subscriber must not throw", e);
                        });
            }
            pair.session.openStream("x", RELIABLE).receive(Codec.utf8()).subscribe(v -> {}, other::set);
            pair.settle();
            pair.session.dispose();
            pair.settle();
            assertThat(other.get()).isInstanceOf(SessionClosedException.class);
            AtomicReference<Object> reason = new AtomicReference<>();
            pair.session.onClose().subscribe(reason::set);
            pair.advance(Duration.ofSeconds(1));
            assertThat(reason.get()).isNotNull();
        }
    }

    @Test
    void aSendThatIsCancelledBeforeItBeganOpensNothing() {
        AtomicInteger handled = new AtomicInteger();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", stream -> {
            handled.incrementAndGet();
            return Mono.never();
        }))) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            stream.send(Flux.just("a"), Codec.utf8()).subscribe(new reactor.core.publisher.BaseSubscriber<Void>() {
                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription s) {
                    s.cancel();
                }
            });
            pair.settle();
            assertThat(handled).hasValue(0);
            StepVerifier.create(pair.session.openStream("x", RELIABLE).send(Flux.never(), Codec.utf8()))
                    .then(pair::settle)
                    .then(() -> assertThat(handled).hasValue(1))
                    .thenCancel()
                    .verify();
        }
    }

    @Test
    void closeSucceedsAfterThePeerHasCancelled() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "x", stream -> stream.receive(Codec.utf8()).take(1).then()))) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            stream.send(Flux.just("a", "b").concatWith(Flux.never()), Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            pair.settle();
            StepVerifier.create(stream.close()).then(pair::settle).verifyComplete();
        }
    }

    @Test
    void aStreamWhoseOnlyUseHasEndedIsEvictedWhenIdle() {
        StreamConfig config = RELIABLE.withIdleTimeout(Duration.ofSeconds(2));
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "x",
                RELIABLE.withIdleTimeout(Duration.ZERO),
                stream -> stream.receive(Codec.utf8()).then(Mono.never())))) {
            PeerStream stream = pair.session.openStream("x", config);
            StepVerifier.create(stream.send(Flux.just("a"), Codec.utf8()))
                    .then(pair::settle)
                    .verifyComplete();
            pair.advance(Duration.ofSeconds(5));
            assertThat(stream.isDisposed()).isTrue();
        }
    }

    @Test
    void statsCountWhatHappened() {
        try (NodePair pair = NodePair.of(spec ->
                spec.onStream("echo", stream -> stream.send(stream.receive(Codec.utf8()), Codec.utf8())))) {
            PeerStream stream = pair.session.openStream("echo", RELIABLE);
            assertThat(stream.stats().active()).isFalse();
            stream.send(Flux.just("a", "b", "c").concatWith(Flux.never()), Codec.utf8())
                    .subscribe();
            StepVerifier.create(stream.receive(Codec.utf8()), 2)
                    .then(pair::settle)
                    .expectNext("a", "b")
                    .then(() -> {
                        assertThat(stream.stats().txSeq()).isEqualTo(3);
                        assertThat(stream.stats().rxSeq()).isEqualTo(3);
                        assertThat(stream.stats().inboundPending()).isEqualTo(1);
                        assertThat(stream.stats().active()).isTrue();
                    })
                    .thenCancel()
                    .verify();
        }
    }
}
