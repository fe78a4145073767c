package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
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
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** What the three operators of reliability have in common with every operator. */
class ReliabilityLifecycleTest {

    private static final int MOST = QueuedSubscriber.MOST_ASKED;

    /** Each over a wire on which nothing happens: numbers and positions count what comes. */
    enum Kind {
        SEND,
        ACKNOWLEDGE,
        ORDER;

        Flux<Object> apply(Publisher<Integer> source, Scheduler time) {
            Flux<Integer> elements = Flux.from(source);
            AtomicLong count = new AtomicLong();
            return switch (this) {
                case SEND -> {
                    Sinks.Many<Feedback> feedback = Sinks.many().unicast().onBackpressureBuffer();
                    yield elements.transform(Reliability.send(
                                    feedback.asFlux(), RecoverySettings.defaults(), time, lost -> lost))
                            .doOnNext(sent -> feedback.tryEmitNext(arrived(sent.number())))
                            .cast(Object.class);
                }
                case ACKNOWLEDGE ->
                    elements.map(value -> new Numbered<>(count.getAndIncrement(), value))
                            .transform(Reliability.acknowledge(feedback -> {}, time))
                            .cast(Object.class);
                case ORDER ->
                    elements.transform(Reliability.order(value -> count.getAndIncrement(), MOST, gap -> {}))
                            .cast(Object.class);
            };
        }
    }

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TestPublisher<Integer> source = TestPublisher.createNoncompliant(
            TestPublisher.Violation.REQUEST_OVERFLOW, TestPublisher.Violation.CLEANUP_ON_TERMINATE);
    private final List<Object> droppedValues = new CopyOnWriteArrayList<>();
    private final List<Throwable> droppedErrors = new CopyOnWriteArrayList<>();
    private final List<Object> discarded = new CopyOnWriteArrayList<>();

    static Feedback arrived(long number) {
        return new Feedback(List.of(new PacketRange(0, number)), 0, 0, 0, 0);
    }

    private static Object plain(Object value) {
        return value instanceof Numbered<?> numbered ? numbered.value() : value;
    }

    private static List<Object> plain(List<Object> values) {
        return values.stream().map(ReliabilityLifecycleTest::plain).toList();
    }

    @BeforeEach
    void writeDownWhatIsDropped() {
        Hooks.onNextDropped(value -> droppedValues.add(plain(value)));
        Hooks.onErrorDropped(droppedErrors::add);
    }

    @AfterEach
    void forgetTheHooks() {
        Hooks.resetOnNextDropped();
        Hooks.resetOnErrorDropped();
        time.dispose();
    }

    private Context discarding() {
        return Operators.enableOnDiscard(Context.empty(), value -> discarded.add(plain(value)));
    }

    private Recorder<Object> subscribe(Kind kind, long demand) {
        Recorder<Object> recorder = new Recorder<>(demand, discarding());
        kind.apply(source, time).subscribe(recorder);
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
        Recorder<Object> recorder = new Recorder<>(demand);

        kind.apply(Flux.range(0, 1_000), time).subscribe(recorder);

        assertThat(recorder.values).hasSize((int) Math.min(1_000, demand));
        assertThat(recorder.completed).isEqualTo(demand >= 1_000);
    }

    @ParameterizedTest
    @EnumSource
    void asksForNoMoreThanIsDemandedAndNeverForMoreThanABatch(Kind kind) {
        Recorder<Object> recorder = subscribe(kind, 3);
        source.assertMaxRequested(3);

        recorder.request(Long.MAX_VALUE);

        source.assertMaxRequested(MOST);
    }

    @ParameterizedTest
    @EnumSource
    void demandFromInsideOnNextIsObeyedWithoutRecursion(Kind kind) {
        List<Object> values = new ArrayList<>();
        BaseSubscriber<Object> oneByOne = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Object value) {
                values.add(value);
                request(1);
            }
        };

        kind.apply(Flux.range(0, 100_000), time).subscribe(oneByOne);

        assertThat(values).hasSize(100_000);
    }

    static Stream<Arguments> badDemands() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(0L, -1L, Long.MIN_VALUE).map(demand -> Arguments.of(kind, demand)));
    }

    @ParameterizedTest
    @MethodSource("badDemands")
    void demandThatIsNotPositiveIsAnError(Kind kind, long demand) {
        Recorder<Object> recorder = subscribe(kind, 1);

        recorder.request(demand);

        assertThat(recorder.error).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.9");
        assertThat(recorder.terminals).hasValue(1);
        source.assertCancelled();
    }

    // ---- cancel in every state

    @ParameterizedTest
    @EnumSource
    void cancelStopsSourceAndTimer(Kind kind) {
        Recorder<Object> recorder = subscribe(kind, Long.MAX_VALUE);
        source.next(1);

        recorder.cancel();
        recorder.cancel();
        time.advanceTimeBy(Duration.ofHours(1));

        source.assertCancelled(1);
        assertThat(recorder.values).hasSize(1);
        assertThat(recorder.terminals).hasValue(0);
        assertThat(time.getScheduledTaskCount()).as("timers ever set").isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void cancelFromInsideOnSubscribeAsksForNothing(Kind kind) {
        BaseSubscriber<Object> never = new BaseSubscriber<>() {
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
        Recorder<Object> recorder = new Recorder<>(Long.MAX_VALUE, discarding());
        recorder.doing(value -> {
            if (recorder.values.size() == 3) {
                recorder.cancel();
            }
        });

        kind.apply(Flux.range(0, 10), time).subscribe(recorder);

        assertThat(plain(recorder.values)).containsExactly(0, 1, 2);
        assertThat(recorder.terminals).hasValue(0);
        assertThat(discarded).isNotEmpty().doesNotContain(0, 1, 2);
    }

    @ParameterizedTest
    @EnumSource
    void cancelAfterTheEndMeansNothing(Kind kind) {
        Recorder<Object> recorder = subscribe(kind, 1);
        source.complete();

        recorder.cancel();

        source.assertNotCancelled();
        assertThat(recorder.terminals).hasValue(1);
    }

    // ---- ends

    @ParameterizedTest
    @EnumSource
    void anErrorNeedsNoDemand(Kind kind) {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<Object> recorder = subscribe(kind, 0);

        source.error(broken);

        assertThat(recorder.error).isSameAs(broken);
    }

    @ParameterizedTest
    @EnumSource
    void whatComesAfterTheEndIsDropped(Kind kind) {
        Recorder<Object> recorder = subscribe(kind, Long.MAX_VALUE);
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
        Recorder<Object> recorder = new Recorder<>(10, discarding());
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
    void aSourceThatEmitsMoreThanWasAskedFailsTheFlux(Kind kind) {
        Recorder<Object> recorder = subscribe(kind, 1);

        source.next(1, 2);

        assertThat(plain(recorder.values)).containsExactly(1);
        assertThat(recorder.error).hasMessageContaining("more than was requested");
        source.assertCancelled();
    }

    @ParameterizedTest
    @EnumSource
    void aSecondSubscriptionIsCancelled(Kind kind) {
        TestPublisher<Integer> second = TestPublisher.create();
        Publisher<Integer> twice = subscriber -> {
            Flux.<Integer>never().subscribe(subscriber);
            second.subscribe(subscriber);
        };

        Recorder<Object> recorder = new Recorder<>(1);
        kind.apply(twice, time).subscribe(recorder);

        second.assertCancelled();
        assertThat(recorder.terminals).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void theSourceSeesTheSubscribersContext(Kind kind) {
        List<Object> seen = new ArrayList<>();
        Recorder<Object> recorder = new Recorder<>(1, Context.of("who", "me"));

        kind.apply(
                        Flux.deferContextual(context -> {
                            seen.add(context.get("who"));
                            return Flux.<Integer>never();
                        }),
                        time)
                .subscribe(recorder);

        assertThat(seen).containsExactly("me");
    }

    // ---- scan

    @Test
    void scanOfTheAssembliesTellsTheSource() {
        Flux<Integer> range = Flux.range(0, 3);
        Flux<Numbered<Integer>> numbered = range.map(i -> new Numbered<>(i, i));

        for (Scannable scan : List.of(
                Scannable.from(range.transform(
                        Reliability.send(Flux.never(), RecoverySettings.defaults(), time, lost -> lost))),
                Scannable.from(range.transform(Reliability.order(i -> i, 0, gap -> {}))))) {
            assertThat(scan.scan(Attr.PARENT)).isSameAs(range);
            assertThat(scan.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
        }
        Scannable acknowledging = Scannable.from(numbered.transform(Reliability.acknowledge(f -> {}, time)));
        assertThat(acknowledging.scan(Attr.PARENT)).isSameAs(numbered);
        assertThat(acknowledging.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
    }

    @Test
    void scanTellsWhatIsHeld() {
        Recorder<Integer> recorder = new Recorder<>(1);
        source.flux().transform(Reliability.order(i -> i, 10, gap -> {})).subscribe(recorder);
        Scannable scan = Scannable.from(recorder.subscription());
        source.next(3);
        source.next(5);
        assertThat(scan.scan(Attr.BUFFERED)).isEqualTo(2);
        assertThat(scan.scan(Attr.PREFETCH)).isZero();
        assertThat(scan.scan(Attr.REQUESTED_FROM_DOWNSTREAM)).isEqualTo(1);
        assertThat(scan.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
        assertThat(scan.scan(Attr.ACTUAL)).isNotNull();
        assertThat(scan.scan(Attr.PARENT)).isNotNull();
        assertThat(scan.scan(Attr.CANCELLED)).isFalse();
        assertThat(scan.scan(Attr.TERMINATED)).isFalse();

        recorder.cancel();

        assertThat(scan.scan(Attr.CANCELLED)).isTrue();
        assertThat(scan.scan(Attr.BUFFERED)).isZero();
    }

    @Test
    void scanTellsTheEnd() {
        Recorder<Integer> recorder = new Recorder<>(1);
        source.flux().transform(Reliability.order(i -> i, 10, gap -> {})).subscribe(recorder);
        Scannable scan = Scannable.from(recorder.subscription());
        IllegalStateException broken = new IllegalStateException("broken");

        source.error(broken);

        assertThat(scan.scan(Attr.TERMINATED)).isTrue();
        assertThat(scan.scan(Attr.ERROR)).isSameAs(broken);
    }
}
