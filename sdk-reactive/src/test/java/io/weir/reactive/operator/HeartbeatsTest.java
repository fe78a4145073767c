package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.SilenceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Beats and the loss of them, in virtual time. A beat is -1. */
class HeartbeatsTest {

    private static final Duration EVERY = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofMillis(300);
    private static final Duration DRAIN = Duration.ofMillis(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TestPublisher<Integer> source =
            TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);

    @AfterEach
    void dispose() {
        time.dispose();
    }

    private Recorder<Integer> beating(long demand) {
        Recorder<Integer> recorder = new Recorder<>(demand);
        source.flux().transform(Heartbeats.emit(EVERY, () -> -1, time)).subscribe(recorder);
        return recorder;
    }

    private Recorder<Integer> watched(long demand) {
        Recorder<Integer> recorder = new Recorder<>(demand);
        source.flux().transform(Heartbeats.detectLoss(LIMIT, time)).subscribe(recorder);
        return recorder;
    }

    // ---- the emitter

    @Test
    void beatsWhenNothingHasPassedForTheInterval() {
        Recorder<Integer> recorder = beating(Long.MAX_VALUE);

        time.advanceTimeBy(EVERY.minusNanos(1));
        assertThat(recorder.values).isEmpty();
        time.advanceTimeBy(Duration.ofNanos(1));
        assertThat(recorder.values).containsExactly(-1);
        time.advanceTimeBy(EVERY.multipliedBy(9));

        assertThat(recorder.values).hasSize(10).containsOnly(-1);
    }

    @Test
    void anElementPutsTheBeatOff() {
        Recorder<Integer> recorder = beating(Long.MAX_VALUE);
        for (int i = 0; i < 10; i++) {
            time.advanceTimeBy(EVERY.minusMillis(1));
            source.next(i);
        }
        assertThat(recorder.values).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

        time.advanceTimeBy(EVERY);

        assertThat(recorder.values).last().isEqualTo(-1);
    }

    @Test
    void withoutDemandOneBeatWaitsForIt() {
        Recorder<Integer> recorder = beating(0);
        time.advanceTimeBy(EVERY.multipliedBy(50));
        assertThat(recorder.values).isEmpty();

        recorder.request(10);
        assertThat(recorder.values).containsExactly(-1);
        time.advanceTimeBy(EVERY);

        assertThat(recorder.values).containsExactly(-1, -1);
    }

    @Test
    void anElementThatComesWithTheDemandMakesTheBeatNeedless() {
        Recorder<Integer> recorder = new Recorder<>(0);
        Flux.range(0, 5).transform(Heartbeats.emit(EVERY, () -> -1, time)).subscribe(recorder);
        for (int i = 0; i < 5; i++) {
            time.advanceTimeBy(EVERY.multipliedBy(3));
            recorder.request(1);
        }

        assertThat(recorder.values).containsExactly(0, 1, 2, 3, 4);
        assertThat(recorder.completed).isTrue();
    }

    /** A subscriber slower than the beats must not get nothing but beats. */
    @Test
    void elementsGetThroughToASubscriberThatIsSlowerThanTheBeats() {
        Recorder<Integer> recorder = beating(1);
        source.next(0);
        for (int i = 1; i < 20; i++) {
            time.advanceTimeBy(EVERY.multipliedBy(3));
            recorder.request(1); // the beat that is owed takes it, since the source has nothing
            source.next(i); // one too many for the demand: it is held, and next
            recorder.request(1);
        }

        assertThat(recorder.values.stream().filter(value -> value >= 0))
                .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }

    /** Beats use up what the source was asked for, and then the source sends all of it. */
    @Test
    void holdsNoMoreThanTheSourceWasAskedForAtOnce() {
        Recorder<Integer> recorder = beating(1_000);
        source.assertMaxRequested(TimedSubscriber.MOST_ASKED);
        time.advanceTimeBy(EVERY.multipliedBy(2_000));
        assertThat(recorder.values).hasSize(1_000).containsOnly(-1);

        for (int i = 0; i < TimedSubscriber.MOST_ASKED; i++) {
            source.next(i);
        }
        assertThat(recorder.values).hasSize(1_000);
        recorder.request(TimedSubscriber.MOST_ASKED);

        assertThat(recorder.values.subList(1_000, recorder.values.size()))
                .containsExactlyElementsOf(
                        IntStream.range(0, TimedSubscriber.MOST_ASKED).boxed().toList());
    }

    /** One more than it asked for. */
    @Test
    void aSourceThatExceedsWhatItWasAskedForFailsTheFlux() {
        Recorder<Integer> recorder = beating(3);

        for (int i = 0; i < 4; i++) {
            source.next(i);
        }

        assertThat(recorder.values).containsExactly(0, 1, 2);
        assertThat(recorder.error).hasMessageContaining("more than was requested");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 63, 64, 65, 255, 256, 257, 1_000})
    void everythingPassesHoweverItIsAskedFor(long batch) {
        List<Integer> values = new ArrayList<>();

        Flux.range(0, 3_000)
                .transform(Heartbeats.emit(EVERY, () -> -1, time))
                .transform(Heartbeats.detectLoss(LIMIT, time))
                .limitRate((int) batch)
                .subscribe(values::add);

        assertThat(values)
                .containsExactlyElementsOf(IntStream.range(0, 3_000).boxed().toList());
    }

    @Test
    void thereAreNoBeatsAfterTheEnd() {
        Recorder<Integer> recorder = beating(Long.MAX_VALUE);
        source.complete();

        time.advanceTimeBy(EVERY.multipliedBy(100));

        assertThat(recorder.values).isEmpty();
        assertThat(recorder.completed).isTrue();
        assertThat(time.getScheduledTaskCount()).as("timers ever set").isEqualTo(1);
    }

    @Test
    void aBeatThatThrowsOrIsNullFailsTheFlux() {
        IllegalStateException broken = new IllegalStateException("broken");
        Recorder<Integer> throwing = new Recorder<>(Long.MAX_VALUE);
        Recorder<Integer> missing = new Recorder<>(Long.MAX_VALUE);
        TestPublisher<Integer> first = TestPublisher.create();
        first.flux()
                .transform(Heartbeats.<Integer>emit(
                        EVERY,
                        () -> {
                            throw broken;
                        },
                        time))
                .subscribe(throwing);
        Flux.<Integer>never()
                .transform(Heartbeats.<Integer>emit(EVERY, HeartbeatsTest::nothing, time))
                .subscribe(missing);

        time.advanceTimeBy(EVERY);

        assertThat(throwing.error).isSameAs(broken);
        first.assertCancelled();
        assertThat(missing.error).isInstanceOf(NullPointerException.class).hasMessageContaining("beat");
    }

    @SuppressWarnings("NullAway") // on purpose: a supplier of an application that breaks its promise
    private static Integer nothing() {
        return null;
    }

    // ---- the detector

    @Test
    void silenceAboveTheLimitFailsTheFluxOnce() {
        Recorder<Integer> recorder = watched(Long.MAX_VALUE);
        time.advanceTimeBy(Duration.ofMillis(250));
        source.next(1);

        time.advanceTimeBy(LIMIT);
        assertThat(recorder.terminated()).isFalse();
        time.advanceTimeBy(DRAIN);
        time.advanceTimeBy(Duration.ofHours(1));

        assertThat(recorder.terminals).hasValue(1);
        assertThat(recorder.error)
                .isInstanceOfSatisfying(
                        SilenceException.class, e -> assertThat(e.silence()).isEqualTo(LIMIT.plus(DRAIN)));
        source.assertCancelled();
    }

    @Test
    void whatComesWithinTheLimitKeepsItAlive() {
        Recorder<Integer> recorder = watched(Long.MAX_VALUE);
        for (int i = 0; i < 1_000; i++) {
            time.advanceTimeBy(LIMIT.minusNanos(1));
            source.next(i);
        }

        assertThat(recorder.values).hasSize(1_000);
        assertThat(recorder.terminated()).isFalse();
    }

    @Test
    void whatIsOnItsWayAtTheLimitStillCounts() {
        Recorder<Integer> recorder = watched(Long.MAX_VALUE);

        time.advanceTimeBy(LIMIT);
        source.next(1);
        time.advanceTimeBy(LIMIT);

        assertThat(recorder.terminated()).isFalse();
        time.advanceTimeBy(DRAIN);
        assertThat(recorder.error).isInstanceOf(SilenceException.class);
    }

    /** A source that nobody asks has nothing to say. */
    @Test
    void silenceWithoutDemandIsNoLoss() {
        Recorder<Integer> recorder = watched(0);
        time.advanceTimeBy(LIMIT.multipliedBy(10));
        recorder.request(1);
        time.advanceTimeBy(LIMIT.minusMillis(1));
        source.next(1);
        time.advanceTimeBy(LIMIT.multipliedBy(10));
        assertThat(recorder.terminated()).isFalse();

        recorder.request(1);
        time.advanceTimeBy(LIMIT);
        assertThat(recorder.terminated()).isFalse();
        time.advanceTimeBy(DRAIN);

        assertThat(recorder.error).isInstanceOf(SilenceException.class);
    }

    /** While the subscriber is inside onNext, the source cannot be heard; its time begins anew. */
    @Test
    void theSubscribersOwnTimeIsNotTheSourcesSilence() {
        Recorder<Integer> recorder =
                new Recorder<Integer>(Long.MAX_VALUE).doing(value -> time.advanceTimeBy(LIMIT.plusMillis(20)));
        source.flux().transform(Heartbeats.detectLoss(LIMIT, time)).subscribe(recorder);
        for (int i = 0; i < 10; i++) {
            time.advanceTimeBy(LIMIT.minusMillis(1));
            source.next(i);
        }

        assertThat(recorder.values).hasSize(10);
        assertThat(recorder.terminated()).isFalse();
    }

    @Test
    void aSourceThatEndedIsNotLost() {
        Recorder<Integer> recorder = watched(Long.MAX_VALUE);
        source.complete();

        time.advanceTimeBy(LIMIT.multipliedBy(10));

        assertThat(recorder.completed).isTrue();
        assertThat(recorder.terminals).hasValue(1);
    }

    // ---- both

    @Test
    void beatsKeepAnIdleFluxAliveForDays() {
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);
        source.flux()
                .transform(Heartbeats.emit(Duration.ofSeconds(5), () -> -1, time))
                .transform(Heartbeats.detectLoss(Duration.ofSeconds(15), time))
                .subscribe(recorder);

        time.advanceTimeBy(Duration.ofDays(2));

        assertThat(recorder.terminated()).isFalse();
        assertThat(recorder.values).hasSize(2 * 24 * 3_600 / 5);
    }

    /** However many elements pass, the scheduler holds one task for each operator. */
    @Test
    void oneTimerRunsForEachSubscriber() {
        source.flux()
                .transform(Heartbeats.emit(EVERY, () -> -1, time))
                .transform(Heartbeats.detectLoss(LIMIT, time))
                .subscribe(new Recorder<>(Long.MAX_VALUE));
        for (int i = 0; i < 10_000; i++) {
            source.next(i);
        }

        assertThat(time.getScheduledTaskCount()).as("timers ever set").isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSchedulerThatKnowsNoTimeFailsTheFlux(boolean emit) {
        Scheduler timeless = Schedulers.immediate();
        Recorder<Integer> recorder = new Recorder<>(Long.MAX_VALUE);

        source.flux()
                .transform(emit ? Heartbeats.emit(EVERY, () -> -1, timeless) : Heartbeats.detectLoss(LIMIT, timeless))
                .subscribe(recorder);

        assertThat(recorder.error).isInstanceOf(RejectedExecutionException.class);
        assertThat(recorder.terminals).hasValue(1);
    }

    @Test
    void badArgumentsAreRefusedByName() {
        assertThatThrownBy(() -> Heartbeats.emit(Duration.ofNanos(9_999_999), () -> -1, time))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("every is PT0.009999999S, must be PT0.01S to PT8760H");
        assertThatThrownBy(() -> Heartbeats.emit(Duration.ofDays(366), () -> -1, time))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("every is PT8784H, must be PT0.01S to PT8760H");
        assertThatThrownBy(() -> Heartbeats.detectLoss(Duration.ZERO, time))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit is PT0S, must be PT0.001S to PT8760H");
        assertThatThrownBy(() -> Heartbeats.detectLoss(Duration.ofSeconds(Long.MAX_VALUE), time))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("limit is");
    }
}
