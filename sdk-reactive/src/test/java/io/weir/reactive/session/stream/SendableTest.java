package io.weir.reactive.session.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerStream;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.NodePair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** When {@code trySend} is worth another try. Elements cost 1,024 of windows of 64 KiB. */
class SendableTest {

    private static final int MIB = 1024 * 1024;
    private static final Duration LATENCY = Duration.ofMillis(10);
    private static final StreamConfig FIXED = StreamConfig.reliable().withFixedWindow(65_536);

    private final byte[] element = new byte[1_008];
    private final BaseSubscriber<byte[]> subscriber = new BaseSubscriber<>() {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // asks when the test says so
        }
    };

    private PeerNodeSpec taking(PeerNodeSpec spec) {
        return spec.onStream(
                "x",
                FIXED,
                stream -> Mono.fromRunnable(() -> stream.receive(Codec.bytes()).subscribe(subscriber)));
    }

    private NodePair pair(UnaryOperator<PeerNodeSpec> client) {
        return NodePair.of(this::taking, client);
    }

    private NodePair pair() {
        return pair(spec -> spec);
    }

    private static PeerStream stream(NodePair pair) {
        return pair.session.openStream("x", FIXED);
    }

    private int fill(PeerStream stream, NodePair pair) {
        int taken = 0;
        while (stream.trySend(element, Codec.bytes()) == TrySend.OK) {
            taken++;
        }
        pair.settle();
        return taken;
    }

    @Test
    void completesAtOnceWhereNothingWasRefused() {
        try (NodePair pair = pair()) {
            PeerStream unused = stream(pair);
            StepVerifier.create(unused.sendable()).verifyComplete();
            pair.settle();
            assertThat(unused.epoch()).as("it opens nothing").isZero();

            unused.trySend(element, Codec.bytes());
            StepVerifier.create(unused.sendable()).then(pair::settle).verifyComplete();
        }
    }

    @Test
    void completesWhenThePeerHasConsumedEnoughForWhatWasRefused() {
        try (NodePair pair = pair()) {
            PeerStream stream = stream(pair);
            assertThat(fill(stream, pair)).isEqualTo(64);
            AtomicInteger told = new AtomicInteger();
            stream.sendable().subscribe(null, null, told::incrementAndGet);
            stream.sendable().subscribe(null, null, told::incrementAndGet);
            pair.settle();
            assertThat(told).as("nothing was consumed").hasValue(0);

            subscriber.request(64);
            pair.settle();

            assertThat(told).hasValue(2);
            assertThat(stream.trySend(element, Codec.bytes())).isEqualTo(TrySend.OK);
        }
    }

    @Test
    void aSmallGrantWakesNobodyWhoWasRefusedMore() {
        try (NodePair pair = pair()) {
            PeerStream stream = stream(pair);
            fill(stream, pair);
            assertThat(stream.trySend(new byte[60_000], Codec.bytes())).isEqualTo(TrySend.BACKPRESSURE);
            AtomicInteger told = new AtomicInteger();
            stream.sendable().subscribe(null, null, told::incrementAndGet);
            subscriber.request(32);
            pair.settle();
            assertThat(stream.stats().txCreditRemaining())
                    .as("half of the window")
                    .isGreaterThan(16_384);
            assertThat(told).hasValue(0);

            subscriber.request(32);
            pair.settle();
            assertThat(told).hasValue(1);
            assertThat(stream.trySend(new byte[60_000], Codec.bytes())).isEqualTo(TrySend.OK);
        }
    }

    @Test
    void memoryThatAnotherStreamGivesBackWakesWhoWasRefusedForIt() {
        NodeLimits limits =
                NodeLimits.defaults().withSessionSendBudgetBytes(MIB).withNodeSendBudgetBytes(MIB);
        try (NodePair pair = NodePair.of(
                spec -> taking(spec)
                        .onStream("large", s -> s.receive(Codec.bytes()).then().delaySubscription(Mono.never())),
                spec -> spec.limits(limits))) {
            PeerStream stream = stream(pair);
            Disposable hoarder = pair.session
                    .openStream("large", StreamConfig.reliable())
                    .send(Mono.just(new byte[MIB]), Codec.bytes())
                    .subscribe();
            pair.settle();
            assertThat(pair.client.unsentBytes()).isGreaterThan(MIB);
            assertThat(stream.trySend(element, Codec.bytes())).isEqualTo(TrySend.BACKPRESSURE);
            AtomicInteger told = new AtomicInteger();
            stream.sendable().subscribe(null, null, told::incrementAndGet);
            pair.settle();
            assertThat(told).hasValue(0);

            hoarder.dispose();
            pair.settle();

            assertThat(told).hasValue(1);
            assertThat(stream.trySend(element, Codec.bytes())).isEqualTo(TrySend.OK);
        }
    }

    @Test
    void completesWhenThePeerStops() {
        completesWhen((pair, stream) -> subscriber.cancel());
    }

    @Test
    void completesWhenTheStreamIsClosed() {
        completesWhen((pair, stream) -> stream.close().subscribe());
    }

    @Test
    void completesWhenTheStreamIsDisposedOf() {
        completesWhen((pair, stream) -> stream.dispose());
    }

    @Test
    void completesWhenTheSessionEnds() {
        completesWhen((pair, stream) -> pair.session.dispose());
    }

    private void completesWhen(BiConsumer<NodePair, PeerStream> end) {
        try (NodePair pair = pair()) {
            PeerStream stream = stream(pair);
            fill(stream, pair);
            AtomicInteger told = new AtomicInteger();
            stream.sendable().subscribe(null, null, told::incrementAndGet);
            pair.settle();
            assertThat(told).hasValue(0);

            end.accept(pair, stream);
            pair.settle();

            assertThat(told).hasValue(1);
            assertThat(stream.trySend(element, Codec.bytes())).isEqualTo(TrySend.NOT_CONNECTED);
            StepVerifier.create(stream.sendable()).then(pair::settle).verifyComplete();
        }
    }

    @Test
    void whoIsCancelledIsNotTold() {
        try (NodePair pair = pair()) {
            PeerStream stream = stream(pair);
            fill(stream, pair);
            AtomicInteger told = new AtomicInteger();
            stream.sendable().subscribe(null, null, told::incrementAndGet).dispose();
            subscriber.request(64);
            pair.settle();
            assertThat(told).hasValue(0);
        }
    }

    @Test
    void aHalfThatSendFeedsHasNoReadiness() {
        try (NodePair pair = pair()) {
            PeerStream stream = stream(pair);
            stream.send(Mono.never(), Codec.bytes()).subscribe();
            StepVerifier.create(stream.sendable()).verifyError(IllegalStateException.class);
        }
    }

    /** As the Javadoc shows it: as many tries as there are grants that were worth it, not as there are turns of the loop. */
    @Test
    void aSenderThatWaitsTriesOncePerGrant() {
        int elements = 1_000;
        try (NodePair pair = NodePair.paced(LATENCY, Long.MAX_VALUE, this::taking, spec -> spec)) {
            PeerStream stream = stream(pair);
            List<TrySend> answers = new ArrayList<>();
            Mono<TrySend> sent = Mono.fromCallable(() -> stream.trySend(element, Codec.bytes()))
                    .doOnNext(answers::add)
                    .filter(answer -> answer != TrySend.BACKPRESSURE)
                    .repeatWhenEmpty(refusals ->
                            refusals.concatMap(n -> stream.sendable().thenReturn(n)));
            AtomicInteger done = new AtomicInteger();
            sent.repeat(elements - 1).subscribe(answer -> done.incrementAndGet());
            pair.advance(LATENCY.multipliedBy(2));
            subscriber.request(Long.MAX_VALUE);
            for (int i = 0; i < 200; i++) {
                pair.advance(LATENCY);
            }
            assertThat(done).hasValue(elements);
            assertThat(answers).doesNotContain(TrySend.NOT_CONNECTED);
            assertThat(answers.stream().filter(TrySend.BACKPRESSURE::equals).count())
                    .as("refusals")
                    .isPositive()
                    .isLessThanOrEqualTo(stream.stats().creditGrantsReceived() + 1);
        }
    }
}
