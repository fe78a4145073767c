package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.test.util.RaceTestUtils;
import reactor.util.context.Context;

/** Each pair of signals that may come from two threads at once, many times. Elements cost 16. */
class OperatorRaceTest {

    private static final int ROUNDS = 2_000;

    private final ConcurrentLinkedQueue<Object> dropped = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void writeDownWhatIsDropped() {
        Hooks.onErrorDropped(dropped::add);
        Hooks.onNextDropped(dropped::add);
    }

    @AfterEach
    void forgetTheHooks() {
        Hooks.resetOnErrorDropped();
        Hooks.resetOnNextDropped();
    }

    /** One operator between inputs that the test drives by hand and a subscriber that writes down. */
    private static final class Rig {

        final ConcurrentLinkedQueue<Object> discarded = new ConcurrentLinkedQueue<>();
        final AtomicInteger insideOnNext = new AtomicInteger();
        final List<Grant> granted = new ArrayList<>();
        final Hand<Integer> source = new Hand<>();
        final Hand<Grant> grants = new Hand<>();
        final Hand<Blocked> blocked = new Hand<>();
        final Recorder<Integer> recorder;

        private Rig(long demand) {
            recorder = new Recorder<Integer>(demand, Operators.enableOnDiscard(Context.empty(), discarded::add))
                    .doing(value -> {
                        assertThat(insideOnNext.incrementAndGet()).isEqualTo(1);
                        insideOnNext.decrementAndGet();
                    });
        }

        static Rig gate(long limit, long demand) {
            Rig rig = new Rig(demand);
            rig.source
                    .flux()
                    .transform(CreditGate.of(rig.grants.flux(), i -> 0, limit))
                    .subscribe(rig.recorder);
            return rig;
        }

        static Rig grant(int windowElements, long demand) {
            Rig rig = new Rig(demand);
            rig.source
                    .flux()
                    .transform(CreditGrant.of(
                            CreditWindow.fixed(16L * windowElements), i -> 0, rig.blocked.flux(), rig.granted::add))
                    .subscribe(rig.recorder);
            return rig;
        }

        /** Whatever came in has gone out, or was discarded, or is still held. */
        void assertEachElementOnce(int emitted) {
            assertThat(recorder.values.size() + discarded.size()).isEqualTo(emitted);
            assertThat(recorder.values)
                    .isEqualTo(
                            IntStream.range(0, recorder.values.size()).boxed().toList());
        }
    }

    /** A publisher without any rule of its own. */
    private static final class Hand<T> {

        private CoreSubscriber<? super T> subscriber = Operators.emptySubscriber();
        final AtomicLong requested = new AtomicLong();
        final AtomicInteger cancelled = new AtomicInteger();

        Flux<T> flux() {
            return new Flux<>() {
                @Override
                public void subscribe(CoreSubscriber<? super T> actual) {
                    subscriber = actual;
                    actual.onSubscribe(new Subscription() {
                        @Override
                        public void request(long n) {
                            requested.accumulateAndGet(n, Operators::addCap);
                        }

                        @Override
                        public void cancel() {
                            cancelled.incrementAndGet();
                        }
                    });
                }
            };
        }

        void next(T value) {
            subscriber.onNext(value);
        }

        void error(Throwable t) {
            subscriber.onError(t);
        }

        void complete() {
            subscriber.onComplete();
        }
    }

    // ---- the gate

    @Test
    void gateGrantAgainstRequestPassesTheElement() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.gate(15, 1);
            grantHeldElement(rig);

            RaceTestUtils.race(() -> rig.grants.next(new Grant(0, 32)), () -> rig.recorder.request(1));

            assertThat(rig.recorder.values).containsExactly(0);
            assertThat(rig.source.requested.get()).isEqualTo(2);
        }
    }

    private static void grantHeldElement(Rig rig) {
        rig.source.next(0);
        assertThat(rig.recorder.values).isEmpty();
    }

    @Test
    void gateGrantAgainstElementPassesTheElement() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.gate(15, 1);

            RaceTestUtils.race(() -> rig.grants.next(new Grant(0, 16)), () -> rig.source.next(0));

            assertThat(rig.recorder.values).containsExactly(0);
        }
    }

    @Test
    void gateGrantAgainstGrantKeepsTheHigher() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.gate(15, 1);
            rig.source.next(0);

            // Serial per input is the rule; two grants close together still meet in one slot.
            RaceTestUtils.race(
                    () -> {
                        rig.grants.next(new Grant(0, 16));
                        rig.grants.next(new Grant(0, 8));
                    },
                    () -> rig.recorder.request(1));

            assertThat(rig.recorder.values).containsExactly(0);
        }
    }

    @Test
    void gateElementAgainstRequestPassesWhatIsDemanded() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.gate(1 << 20, 1);

            RaceTestUtils.race(() -> rig.source.next(0), () -> rig.recorder.request(1));

            assertThat(rig.recorder.values).containsExactly(0);
            assertThat(rig.source.requested.get()).isEqualTo(2);
        }
    }

    @Test
    void gateElementAgainstCancelLosesNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.gate(round % 2 == 0 ? 15 : 100, 1);

            RaceTestUtils.race(() -> rig.source.next(0), rig.recorder::cancel);

            rig.assertEachElementOnce(1);
            assertThat(rig.source.cancelled).hasValue(1);
            assertThat(rig.grants.cancelled).hasValue(1);
        }
    }

    @Test
    void gateGrantAgainstCancelLosesNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.gate(15, 1);
            rig.source.next(0);

            RaceTestUtils.race(() -> rig.grants.next(new Grant(0, 100)), rig.recorder::cancel);

            rig.assertEachElementOnce(1);
        }
    }

    @Test
    void gateRequestAgainstCancelLosesNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.gate(100, 1);
            rig.source.next(0);

            RaceTestUtils.race(() -> rig.recorder.request(5), rig.recorder::cancel);

            rig.assertEachElementOnce(1);
            assertThat(rig.recorder.terminals).hasValue(0);
        }
    }

    @Test
    void gateTwoErrorsEndOnceAndTheOtherIsDropped() {
        for (int round = 0; round < ROUNDS; round++) {
            dropped.clear();
            Rig rig = Rig.gate(15, 1);
            rig.source.next(0);
            IllegalStateException ofSource = new IllegalStateException("source");
            IllegalStateException ofGrants = new IllegalStateException("grants");

            RaceTestUtils.race(() -> rig.source.error(ofSource), () -> rig.grants.error(ofGrants));

            assertThat(rig.recorder.terminals).hasValue(1);
            assertThat(rig.recorder.error).isIn(ofSource, ofGrants);
            assertThat(dropped).hasSize(1).doesNotContain(rig.recorder.error);
            rig.assertEachElementOnce(1);
        }
    }

    @Test
    void gateCompletionAgainstTheLastGrantEndsOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.gate(15, 1);
            rig.source.next(0);

            RaceTestUtils.race(rig.source::complete, () -> rig.grants.next(new Grant(0, 16)));

            assertThat(rig.recorder.values).containsExactly(0);
            assertThat(rig.recorder.completed).isTrue();
            assertThat(rig.recorder.terminals).hasValue(1);
        }
    }

    @Test
    void gateCompletionAgainstCancelEndsAtMostOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.gate(15, 1);

            RaceTestUtils.race(rig.source::complete, rig.recorder::cancel);

            assertThat(rig.recorder.terminals.get()).isLessThanOrEqualTo(1);
            assertThat(rig.grants.cancelled).hasValue(1);
        }
    }

    // ---- the grant

    @Test
    void grantElementAgainstRequestPassesTheElement() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.grant(4, 0);

            RaceTestUtils.race(() -> rig.source.next(0), () -> rig.recorder.request(1));

            assertThat(rig.recorder.values).containsExactly(0);
            assertThat(rig.granted).last().isEqualTo(new Grant(16, 80));
        }
    }

    @Test
    void grantElementAgainstCancelLosesNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.grant(4, round % 2);

            RaceTestUtils.race(() -> rig.source.next(0), rig.recorder::cancel);

            rig.assertEachElementOnce(1);
            assertThat(rig.source.cancelled).hasValue(1);
            assertThat(rig.blocked.cancelled).hasValue(1);
        }
    }

    @Test
    void grantRequestAgainstCancelLosesNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.grant(4, 0);
            for (int i = 0; i < 4; i++) {
                rig.source.next(i);
            }

            RaceTestUtils.race(() -> rig.recorder.request(3), rig.recorder::cancel);

            rig.assertEachElementOnce(4);
        }
    }

    @Test
    void grantBlockedAgainstRequestIsAnswered() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.grant(8, 0);
            rig.source.next(0);

            RaceTestUtils.race(() -> rig.blocked.next(new Blocked(128, 16, 120)), () -> rig.recorder.request(1));

            assertThat(rig.granted).last().isEqualTo(new Grant(16, 144));
        }
    }

    @Test
    void grantCompletionAgainstRequestDeliversEverything() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.grant(4, 0);
            rig.source.next(0);

            RaceTestUtils.race(rig.source::complete, () -> rig.recorder.request(1));

            assertThat(rig.recorder.values).containsExactly(0);
            assertThat(rig.recorder.completed).isTrue();
        }
    }

    @Test
    void grantTwoErrorsEndOnceAndTheOtherIsDropped() {
        for (int round = 0; round < ROUNDS; round++) {
            dropped.clear();
            Rig rig = Rig.grant(4, 0);
            rig.source.next(0);
            IllegalStateException ofSource = new IllegalStateException("source");
            IllegalStateException ofBlocked = new IllegalStateException("blocked");

            RaceTestUtils.race(() -> rig.source.error(ofSource), () -> rig.blocked.error(ofBlocked));

            assertThat(rig.recorder.terminals).hasValue(1);
            assertThat(rig.recorder.error).isSameAs(ofBlocked);
            assertThat(dropped).containsExactly(ofSource);
            rig.assertEachElementOnce(1);
        }
    }

    @Test
    void grantViolationAgainstCancelEndsAtMostOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = Rig.grant(2, 0);
            rig.source.next(0);
            rig.source.next(1);

            RaceTestUtils.race(() -> rig.source.next(2), rig.recorder::cancel);

            assertThat(rig.recorder.terminals.get()).isLessThanOrEqualTo(1);
            rig.assertEachElementOnce(3);
        }
    }

    // ---- both

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void badDemandAgainstElementEndsOnce(int kind) {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = kind == 0 ? Rig.gate(1_000, 1) : Rig.grant(4, 1);

            RaceTestUtils.race(() -> rig.source.next(0), () -> rig.recorder.request(0));

            assertThat(rig.recorder.error).isInstanceOf(IllegalArgumentException.class);
            assertThat(rig.recorder.terminals).hasValue(1);
            assertThat(rig.recorder.values.size() + rig.discarded.size() + dropped.size())
                    .isGreaterThanOrEqualTo(1);
            dropped.clear();
        }
    }
}
