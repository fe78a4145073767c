package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.SilenceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** What the emitter and the detector have in common with every operator. */
class HeartbeatsLifecycleTest {

    private static final Duration EVERY = Duration.ofMillis(100);
    private static final int MOST = TimedSubscriber.MOST_ASKED;

    enum Kind {
        EMIT,
        DETECT;

        Flux<Integer> apply(Publisher<Integer> source, Scheduler time) {
            return Flux.from(source)
                    .transform(
                            this == EMIT ? Heartbeats.emit(EVERY, () -> -1, time) : Heartbeats.detectLoss(EVERY, time));
        }
    }

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TestPublisher<Integer> source = TestPublisher.createNoncompliant(
            TestPublisher.Violation.REQUEST_OVERFLOW, TestPublisher.Violation.CLEANUP_ON_TERMINATE);
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
        time.dispose();
    }

    private Recorder<Integer> subscribe(Kind kind, long demand) {
        Recorder<Integer> recorder = new Recorder<>(demand, Operators.enableOnDiscard(Context.empty(), discarded::add));
        kind.apply(source, time).subscribe(recorder);
        return recorder;
    }

    /** An element that waits: a beat has taken the demand that the source was asked for. */
    private Recorder<Integer> hold() {
        Recorder<Integer> recorder = subscribe(Kind.EMIT, 1);
        time.advanceTimeBy(EVERY);
        assertThat(recorder.values).containsExactly(-1);
        source.next(7);
        assertThat(recorder.values).hasSize(1);
        return recorder;
    }

    // ---- demand

    static Stream<Arguments> demands() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(
                                0L, 1L, MOST - 1L, (long) MOST, MOST + 1L, 999L, 1_000L, 1_001L, Long.MAX_VALUE)
                        .map(demand -> Arguments.of(kind, demand)));
    }

    @ParameterizedTest
    @MethodSource("demands")
    void demandIsObeyedToTheElement(Kind kind, long demand) {
        Recorder<Integer> recorder = new Recorder<>(demand);

        kind.apply(Flux.range(0, 1_000), time).subscribe(recorder);

        assertThat(recorder.values).hasSize((int) Math.min(1_000, demand));
        assertThat(recorder.completed).isEqualTo(demand >= 1_000);
    }

    @ParameterizedTest
    @EnumSource
    void asksForNoMoreThanIsDemandedAndNeverForMoreThanABatch(Kind kind) {
        Recorder<Integer> recorder = subscribe(kind, 3);
        source.assertMaxRequested(3);

        recorder.request(Long.MAX_VALUE);

        source.assertMaxRequested(MOST);
    }

    /** A source that answers inside request must not fill the operator while it is busy. */
    @ParameterizedTest
    @EnumSource
    void aSourceThatAnswersAtOnceIsAskedBatchByBatch(Kind kind) {
        List<Integer> buffered = new ArrayList<>();
        Recorder<Integer> recorder = new Recorder<>(0);
        kind.apply(Flux.range(0, 5_000), time).subscribe(recorder);
        Scannable scan = Scannable.from(recorder.subscription());
        recorder.doing(value -> buffered.add(scan.scanOrDefault(Attr.BUFFERED, 0)));

        recorder.request(Long.MAX_VALUE);

        assertThat(recorder.values).hasSize(5_000);
        assertThat(buffered).allMatch(count -> count <= MOST);
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

        kind.apply(Flux.range(0, 100_000), time).subscribe(oneByOne);

        assertThat(values).hasSize(100_000);
    }

    @ParameterizedTest
    @EnumSource
    void demandAddsUpToUnbounded(Kind kind) {
        Recorder<Integer> recorder = subscribe(kind, Long.MAX_VALUE - 1);

        recorder.request(Long.MAX_VALUE - 1);

        assertThat(Scannable.from(recorder.subscription()).scan(Attr.REQUESTED_FROM_DOWNSTREAM))
                .isEqualTo(Long.MAX_VALUE);
    }

    static Stream<Arguments> badDemands() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(0L, -1L, Long.MIN_VALUE).map(demand -> Arguments.of(kind, demand)));
    }

    @ParameterizedTest
    @MethodSource("badDemands")
    void demandThatIsNotPositiveIsAnError(Kind kind, long demand) {
        Recorder<Integer> recorder = subscribe(kind, 1);

        recorder.request(demand);

        assertThat(recorder.error).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.9");
        assertThat(recorder.terminals).hasValue(1);
        source.assertCancelled();
    }

    // ---- cancel in every state

    @ParameterizedTest
    @EnumSource
    void cancelStopsSourceAndTimer(Kind kind) {
        Recorder<Integer> recorder = subscribe(kind, Long.MAX_VALUE);

        recorder.cancel();
        recorder.cancel();
        time.advanceTimeBy(EVERY.multipliedBy(100));

        source.assertCancelled(1);
        assertThat(recorder.values).isEmpty();
        assertThat(recorder.terminals).hasValue(0);
        assertThat(time.getScheduledTaskCount()).as("timers ever set").isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void cancelFromInsideOnSubscribeSetsNoTimer(Kind kind) {
        BaseSubscriber<Integer> never = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                cancel();
            }
        };

        kind.apply(source, time).subscribe(never);

        source.assertCancelled();
        source.assertWasNotRequested();
        assertThat(time.getScheduledTaskCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void cancelFromInsideOnNextStopsAtThatElementAndDiscardsTheRest(Kind kind) {
        Recorder<Integer> recorder =
                new Recorder<>(Long.MAX_VALUE, Operators.enableOnDiscard(Context.empty(), discarded::add));
        recorder.doing(value -> {
            if (recorder.values.size() == 3) {
                recorder.cancel();
            }
        });

        kind.apply(Flux.range(0, 10), time).subscribe(recorder);

        assertThat(recorder.values).containsExactly(0, 1, 2);
        assertThat(recorder.terminals).hasValue(0);
        assertThat(discarded).isNotEmpty().doesNotContain(0, 1, 2);
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

    @Test
    void cancelFromInsideABeatStopsTheBeats() {
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);
        recorder.doing(value -> recorder.cancel());
        Kind.EMIT.apply(source, time).subscribe(recorder);

        time.advanceTimeBy(EVERY.multipliedBy(10));

        assertThat(recorder.values).containsExactly(-1);
        source.assertCancelled();
    }

    @Test
    void cancelDiscardsWhatIsHeld() {
        Recorder<Integer> recorder = hold();

        recorder.cancel();

        assertThat(discarded).containsExactly(7);
    }

    // ---- ends in every state

    @Test
    void theEndFollowsWhatIsHeld() {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<Integer> recorder = hold();
        source.error(broken);
        assertThat(recorder.terminated()).isFalse();
        time.advanceTimeBy(EVERY.multipliedBy(10));

        recorder.request(5);

        assertThat(recorder.values).containsExactly(-1, 7);
        assertThat(recorder.error).isSameAs(broken);
    }

    @ParameterizedTest
    @EnumSource
    void anErrorNeedsNoDemand(Kind kind) {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<Integer> recorder = subscribe(kind, 0);

        source.error(broken);

        assertThat(recorder.error).isSameAs(broken);
    }

    @Test
    void whatComesAfterALossIsDropped() {
        TestPublisher<Integer> heedless = TestPublisher.createNoncompliant(
                TestPublisher.Violation.REQUEST_OVERFLOW, TestPublisher.Violation.DEFER_CANCELLATION);
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);
        IllegalStateException late = new IllegalStateException("late");
        Kind.DETECT.apply(heedless, time).subscribe(recorder);
        time.advanceTimeBy(EVERY.multipliedBy(2));
        assertThat(recorder.error).isInstanceOf(SilenceException.class);

        heedless.next(5);
        heedless.error(late);

        assertThat(recorder.values).isEmpty();
        assertThat(recorder.terminals).hasValue(1);
        assertThat(droppedValues).containsExactly(5);
        assertThat(droppedErrors).containsExactly(late);
    }

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
        TestPublisher<Integer> heedless = TestPublisher.createNoncompliant(
                TestPublisher.Violation.REQUEST_OVERFLOW, TestPublisher.Violation.DEFER_CANCELLATION);
        Recorder<Integer> recorder = new Recorder<>(10, Operators.enableOnDiscard(Context.empty(), discarded::add));
        IllegalStateException late = new IllegalStateException("late");
        kind.apply(heedless, time).subscribe(recorder);
        recorder.cancel();

        heedless.next(5);
        heedless.error(late);

        assertThat(recorder.values).isEmpty();
        assertThat(recorder.terminals).hasValue(0);
        assertThat(discarded).containsExactly(5);
        assertThat(droppedErrors).containsExactly(late);
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
        kind.apply(twice, time).subscribe(recorder);

        second.assertCancelled();
        assertThat(recorder.terminals).hasValue(0);
    }

    // ---- scan and context

    @Test
    void scanTellsTheState() {
        Recorder<Integer> recorder = hold();
        Scannable scan = Scannable.from(recorder.subscription());

        assertThat(scan.scan(Attr.ACTUAL)).isNotNull();
        assertThat(scan.scan(Attr.PARENT)).isNotNull();
        assertThat(scan.scan(Attr.BUFFERED)).isEqualTo(1);
        assertThat(scan.scan(Attr.PREFETCH)).isZero();
        assertThat(scan.scan(Attr.REQUESTED_FROM_DOWNSTREAM)).isZero();
        assertThat(scan.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
        assertThat(scan.scan(Attr.CANCELLED)).isFalse();
        assertThat(scan.scan(Attr.TERMINATED)).isFalse();
        assertThat(scan.scan(Attr.ERROR)).isNull();

        recorder.cancel();
        assertThat(scan.scan(Attr.CANCELLED)).isTrue();
        assertThat(scan.scan(Attr.BUFFERED)).isZero();
    }

    @Test
    void scanTellsTheLoss() {
        Recorder<Integer> recorder = subscribe(Kind.DETECT, 1);
        Scannable scan = Scannable.from(recorder.subscription());

        time.advanceTimeBy(EVERY.multipliedBy(2));

        assertThat(scan.scan(Attr.TERMINATED)).isTrue();
        assertThat(scan.scan(Attr.ERROR)).isInstanceOf(SilenceException.class);
    }

    @ParameterizedTest
    @EnumSource
    void scanOfTheAssemblyTellsTheSource(Kind kind) {
        Flux<Integer> range = Flux.range(0, 3);
        Scannable scan = Scannable.from(kind.apply(range, time));

        assertThat(scan.scan(Attr.PARENT)).isSameAs(range);
        assertThat(scan.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
    }

    @ParameterizedTest
    @EnumSource
    void theSourceSeesTheSubscribersContext(Kind kind) {
        List<Object> seen = new ArrayList<>();
        Recorder<Integer> recorder = new Recorder<>(1, Context.of("who", "me"));

        kind.apply(
                        Flux.deferContextual(context -> {
                            seen.add(context.get("who"));
                            return Flux.<Integer>never();
                        }),
                        time)
                .subscribe(recorder);

        assertThat(seen).containsExactly("me");
    }

    @ParameterizedTest
    @EnumSource
    void eachSubscriberHasATimeOfItsOwn(Kind kind) {
        Flux<Integer> flux = kind.apply(Flux.never(), time);
        Recorder<Integer> first = new Recorder<>(Long.MAX_VALUE);
        Recorder<Integer> second = new Recorder<>(Long.MAX_VALUE);
        flux.subscribe(first);
        time.advanceTimeBy(EVERY.dividedBy(2));
        flux.subscribe(second);

        time.advanceTimeBy(EVERY.dividedBy(2).plusMillis(1));

        assertThat(kind == Kind.EMIT ? !first.values.isEmpty() : first.terminated())
                .isTrue();
        assertThat(second.values).isEmpty();
        assertThat(second.terminated()).isFalse();
    }
}
