package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** What every operator with a side input has in common, whichever it is. */
class OperatorLifecycleTest {

    /** Elements of size 0 cost 16; both have room for 100 of them, so that only demand decides. */
    enum Kind {
        GATE((source, side) -> source.transform(CreditGate.of(side.cast(Grant.class), size -> size, 1_600))),
        GRANT((source, side) -> source.transform(
                CreditGrant.of(CreditWindow.fixed(1_600), size -> size, side.cast(Blocked.class), grant -> {})));

        private final BiFunction<Flux<Integer>, Flux<?>, Flux<Integer>> operator;

        Kind(BiFunction<Flux<Integer>, Flux<?>, Flux<Integer>> operator) {
            this.operator = operator;
        }

        Flux<Integer> apply(Publisher<Integer> source, Publisher<?> side) {
            return operator.apply(Flux.from(source), Flux.from(side));
        }

        Object sideValue() {
            return this == GATE ? new Grant(0, 1_600) : new Blocked(1_600, 0, 16);
        }
    }

    private final TestPublisher<Integer> source = TestPublisher.createNoncompliant(
            TestPublisher.Violation.REQUEST_OVERFLOW, TestPublisher.Violation.CLEANUP_ON_TERMINATE);
    private final TestPublisher<Object> side = TestPublisher.create();
    private final List<Object> droppedValues = new CopyOnWriteArrayList<>();
    private final List<Throwable> droppedErrors = new CopyOnWriteArrayList<>();
    private final List<Object> discarded = new CopyOnWriteArrayList<>();

    @BeforeEach
    void writeDownWhatIsDropped() {
        Hooks.onNextDropped(droppedValues::add);
        Hooks.onErrorDropped(droppedErrors::add);
    }

    @AfterEach
    void forgetTheHooks() {
        Hooks.resetOnNextDropped();
        Hooks.resetOnErrorDropped();
    }

    private Recorder<Integer> subscribe(Kind kind, long demand) {
        Recorder<Integer> recorder = new Recorder<>(demand, Operators.enableOnDiscard(Context.empty(), discarded::add));
        kind.apply(source, side).subscribe(recorder);
        return recorder;
    }

    // ---- demand

    @ParameterizedTest
    @EnumSource
    void demandIsObeyedToTheElement(Kind kind) {
        for (long demand : new long[] {0, 1, 99, 100, 101, Long.MAX_VALUE}) {
            Recorder<Integer> recorder = new Recorder<>(demand);

            kind.apply(Flux.range(0, 100).map(i -> 0), Flux.never()).subscribe(recorder);

            assertThat(recorder.values).hasSize((int) Math.min(100, demand));
            assertThat(recorder.completed).isEqualTo(demand >= 100);
        }
    }

    @ParameterizedTest
    @EnumSource
    void demandFromInsideOnNextIsObeyedWithoutRecursion(Kind kind) {
        List<Integer> values = new ArrayList<>();
        BaseSubscriber<Integer> oneByOne = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Integer value) {
                values.add(value);
                request(1);
            }
        };

        kind.apply(Flux.range(0, 100).map(i -> 0), Flux.never()).subscribe(oneByOne);

        assertThat(values).hasSize(100);
    }

    @ParameterizedTest
    @EnumSource
    void demandAddsUpToUnbounded(Kind kind) {
        Recorder<Integer> recorder = subscribe(kind, Long.MAX_VALUE - 1);

        recorder.request(Long.MAX_VALUE - 1);
        source.next(0);

        assertThat(Scannable.from(recorder.subscription()).scan(Attr.REQUESTED_FROM_DOWNSTREAM))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(recorder.values).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void demandThatIsNotPositiveIsAnError(long demand) {
        for (Kind kind : Kind.values()) {
            TestPublisher<Integer> from = TestPublisher.create();
            Recorder<Integer> recorder = new Recorder<>(1);
            kind.apply(from, Flux.never()).subscribe(recorder);

            recorder.request(demand);

            assertThat(recorder.error)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3.9");
            assertThat(recorder.terminals).hasValue(1);
            from.assertCancelled();
        }
    }

    @ParameterizedTest
    @EnumSource
    void badDemandAfterTheEndMeansNothing(Kind kind) {
        Recorder<Integer> completed = subscribe(kind, 1);
        source.complete();
        completed.request(0);
        Recorder<Integer> cancelled = new Recorder<>(1);
        kind.apply(Flux.never(), Flux.never()).subscribe(cancelled);
        cancelled.cancel();
        cancelled.request(-1);

        assertThat(completed.terminals).hasValue(1);
        assertThat(cancelled.terminals).hasValue(0);
        assertThat(droppedErrors).isEmpty();
    }

    // ---- cancel in every state

    @ParameterizedTest
    @EnumSource
    void cancelBeforeDemandCancelsBothInputs(Kind kind) {
        Recorder<Integer> recorder = subscribe(kind, 0);

        recorder.cancel();
        recorder.cancel();

        source.assertCancelled(1);
        side.assertCancelled();
        assertThat(recorder.terminals).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void cancelFromInsideOnSubscribeSubscribesToNothingElse(Kind kind) {
        BaseSubscriber<Integer> never = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                cancel();
            }
        };

        kind.apply(source, side).subscribe(never);

        source.assertCancelled();
        side.assertWasNotSubscribed();
        source.assertWasNotRequested();
    }

    @ParameterizedTest
    @EnumSource
    void cancelFromInsideOnNextStopsAtThatElementAndDiscardsTheRest(Kind kind) {
        Recorder<Integer> recorder =
                new Recorder<Integer>(Long.MAX_VALUE, Operators.enableOnDiscard(Context.empty(), discarded::add));
        recorder.doing(value -> {
            if (recorder.values.size() == 3) {
                recorder.cancel();
            }
        });

        kind.apply(Flux.range(0, 10), side).subscribe(recorder);

        assertThat(recorder.values).containsExactly(0, 1, 2);
        assertThat(recorder.terminals).hasValue(0);
        assertThat(discarded).doesNotContain(0, 1, 2);
        side.assertCancelled();
    }

    @ParameterizedTest
    @EnumSource
    void cancelWithElementsHeldDiscardsThem(Kind kind) {
        Recorder<Integer> recorder = hold(kind);
        assertThat(recorder.values).isEmpty();

        recorder.cancel();

        assertThat(discarded).containsExactly(0);
        source.assertCancelled();
    }

    @ParameterizedTest
    @EnumSource
    void cancelAfterTheEndMeansNothing(Kind kind) {
        Recorder<Integer> recorder = subscribe(kind, 1);
        source.complete();

        recorder.cancel();

        source.assertNotCancelled();
        assertThat(recorder.terminals).hasValue(1);
    }

    /** Brings the operator into the state in which it holds one element. */
    private Recorder<Integer> hold(Kind kind) {
        Recorder<Integer> recorder;
        if (kind == Kind.GRANT) {
            recorder = subscribe(kind, 0);
        } else {
            recorder = new Recorder<>(1, Operators.enableOnDiscard(Context.empty(), discarded::add));
            source.flux()
                    .transform(CreditGate.of(side.flux().cast(Grant.class), size -> size + 1_600, 1_600))
                    .subscribe(recorder);
        }
        source.next(0);
        return recorder;
    }

    // ---- late signals

    @ParameterizedTest
    @EnumSource
    void whatComesAfterTheEndIsDropped(Kind kind) {
        Recorder<Integer> recorder = subscribe(kind, Long.MAX_VALUE);
        IllegalStateException late = new IllegalStateException("late");
        source.complete();

        source.next(5);
        source.error(late);
        source.complete();

        assertThat(recorder.values).isEmpty();
        assertThat(recorder.terminals).hasValue(1);
        assertThat(droppedValues).containsExactly(5);
        assertThat(droppedErrors).containsExactly(late);
    }

    @ParameterizedTest
    @EnumSource
    void whatComesAfterCancelIsDiscardedOrDropped(Kind kind) {
        Recorder<Integer> recorder = new Recorder<>(10, Operators.enableOnDiscard(Context.empty(), discarded::add));
        TestPublisher<Integer> heedless = TestPublisher.createNoncompliant(
                TestPublisher.Violation.REQUEST_OVERFLOW, TestPublisher.Violation.DEFER_CANCELLATION);
        TestPublisher<Object> heedlessSide =
                TestPublisher.createNoncompliant(TestPublisher.Violation.DEFER_CANCELLATION);
        IllegalStateException late = new IllegalStateException("late");
        IllegalStateException lateSide = new IllegalStateException("late side");
        kind.apply(heedless, heedlessSide).subscribe(recorder);
        recorder.cancel();

        heedless.next(5);
        heedless.error(late);
        heedlessSide.next(kind.sideValue());
        heedlessSide.error(lateSide);

        assertThat(recorder.values).isEmpty();
        assertThat(recorder.terminals).hasValue(0);
        assertThat(discarded).containsExactly(5);
        assertThat(droppedErrors).containsExactly(late, lateSide);
    }

    @ParameterizedTest
    @EnumSource
    void aSecondSubscriptionIsCancelled(Kind kind) {
        TestPublisher<Integer> second = TestPublisher.create();
        Publisher<Integer> twice = subscriber -> {
            Flux.<Integer>never().subscribe(subscriber);
            second.subscribe(subscriber);
        };

        Recorder<Integer> recorder = new Recorder<>(1);
        kind.apply(twice, side).subscribe(recorder);

        second.assertCancelled();
        assertThat(recorder.terminals).hasValue(0);
    }

    // ---- scan and context

    @ParameterizedTest
    @EnumSource
    void scanTellsTheState(Kind kind) {
        Recorder<Integer> recorder = hold(kind);
        Scannable scan = Scannable.from(recorder.subscription());

        assertThat(scan.scan(Attr.ACTUAL)).isNotNull();
        assertThat(scan.scan(Attr.PARENT)).isNotNull();
        assertThat(scan.scan(Attr.BUFFERED)).isEqualTo(1);
        assertThat(scan.scan(Attr.PREFETCH)).isEqualTo(kind == Kind.GATE ? 0 : Integer.MAX_VALUE);
        assertThat(scan.scan(Attr.REQUESTED_FROM_DOWNSTREAM)).isEqualTo(kind == Kind.GATE ? 1 : 0);
        assertThat(scan.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
        assertThat(scan.scan(Attr.CANCELLED)).isFalse();
        assertThat(scan.scan(Attr.TERMINATED)).isFalse();
        assertThat(scan.scan(Attr.ERROR)).isNull();

        IllegalStateException broken = new IllegalStateException("broken");
        side.error(broken);
        assertThat(scan.scan(Attr.TERMINATED)).isTrue();
        assertThat(scan.scan(Attr.ERROR)).isSameAs(broken);
        assertThat(scan.scan(Attr.BUFFERED)).isZero();

        Recorder<Integer> other = new Recorder<>(1);
        kind.apply(Flux.never(), Flux.never()).subscribe(other);
        other.cancel();
        assertThat(Scannable.from(other.subscription()).scan(Attr.CANCELLED)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void scanOfTheAssemblyTellsTheSource(Kind kind) {
        Flux<Integer> range = Flux.range(0, 3);
        Scannable scan = Scannable.from(kind.apply(range, Flux.never()));

        assertThat(scan.scan(Attr.PARENT)).isSameAs(range);
        assertThat(scan.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
    }

    @ParameterizedTest
    @EnumSource
    void theSideInputIsPartOfTheGraph(Kind kind) {
        Recorder<Integer> recorder = new Recorder<>(1);
        List<Scannable> seen = new ArrayList<>();
        Publisher<Object> probe = subscriber -> {
            seen.add(Scannable.from(subscriber));
            Flux.never().subscribe(subscriber);
        };
        Flux<Integer> flux = kind == Kind.GATE
                ? Flux.<Integer>never().transform(CreditGate.of(SideInputs.of(probe, Grant.class), i -> 0, 1_600))
                : Flux.<Integer>never()
                        .transform(CreditGrant.of(
                                CreditWindow.fixed(1_600), i -> 0, SideInputs.of(probe, Blocked.class), grant -> {}));

        flux.subscribe(recorder);

        Scannable input = seen.get(0);
        assertThat(input.scan(Attr.ACTUAL)).isSameAs(recorder.subscription());
        assertThat(input.scan(Attr.PREFETCH)).isEqualTo(Integer.MAX_VALUE);
        assertThat(input.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
        assertThat(input.scan(Attr.PARENT)).isNotNull();
        assertThat(input.scan(Attr.CANCELLED)).isFalse();
        recorder.cancel();
        assertThat(input.scan(Attr.CANCELLED)).isTrue();
    }

    /** A publisher of something, seen as one of what the operator takes, without an operator between. */
    private static final class SideInputs {

        private SideInputs() {}

        @SuppressWarnings("unchecked")
        static <V> Publisher<V> of(Publisher<Object> publisher, Class<V> type) {
            return (Publisher<V>) (Publisher<?>) publisher;
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothInputsSeeTheSubscribersContext(Kind kind) {
        List<Object> seen = new ArrayList<>();
        Recorder<Integer> recorder = new Recorder<>(1, Context.of("who", "me"));

        kind.apply(
                        Flux.deferContextual(context -> {
                            seen.add("source " + context.get("who"));
                            return Flux.<Integer>never();
                        }),
                        Flux.deferContextual(context -> {
                            seen.add("side " + context.get("who"));
                            return Flux.never();
                        }))
                .subscribe(recorder);

        assertThat(seen).containsExactlyInAnyOrder("source me", "side me");
    }

    @Test
    void eachSubscriberHasCreditOfItsOwn() {
        Flux<Integer> gated = Flux.range(0, 10).transform(CreditGate.of(Flux.never(), i -> 0, 32));

        Stream.of(new Recorder<Integer>(10), new Recorder<Integer>(10)).forEach(recorder -> {
            gated.subscribe(recorder);
            assertThat(recorder.values).containsExactly(0, 1);
        });
    }
}
