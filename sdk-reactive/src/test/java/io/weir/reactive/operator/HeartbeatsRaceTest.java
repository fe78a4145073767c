package io.weir.reactive.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.SilenceException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.test.util.RaceTestUtils;
import reactor.util.context.Context;

/** Each pair of signals that may come from two threads at once, the timer's among them, many times. A beat is -1. */
class HeartbeatsRaceTest {

    private static final int ROUNDS = 2_000;
    private static final Duration EVERY = Duration.ofMillis(100);

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

    /** A clock and one timer, both worked by the test's threads. */
    private static final class HandTime implements Scheduler {
        private volatile long nowNanos;
        private volatile Runnable timer = () -> {};
        final AtomicInteger set = new AtomicInteger();
        private volatile Disposable latest = Disposables.single();

        /** The time of the timer has come. */
        void ring(Duration later) {
            nowNanos += later.toNanos();
            Runnable due = timer;
            if (!latest.isDisposed()) {
                due.run();
            }
        }

        boolean disposed() {
            return latest.isDisposed();
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            set.incrementAndGet();
            latest = Disposables.single();
            timer = task;
            return latest;
        }

        @Override
        public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public long now(TimeUnit unit) {
            return unit.convert(nowNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException("no worker is needed");
        }
    }

    private static final class Rig {
        final HandTime time = new HandTime();
        final ConcurrentLinkedQueue<Object> discarded = new ConcurrentLinkedQueue<>();
        final AtomicInteger insideOnNext = new AtomicInteger();
        final AtomicInteger cancelled = new AtomicInteger();
        final Recorder<Integer> recorder;
        private CoreSubscriber<? super Integer> source = Operators.emptySubscriber();

        Rig(boolean emit, long demand) {
            recorder = new Recorder<Integer>(demand, Operators.enableOnDiscard(Context.empty(), discarded::add))
                    .doing(value -> {
                        assertThat(insideOnNext.incrementAndGet()).isEqualTo(1);
                        insideOnNext.decrementAndGet();
                    });
            flux().transform(emit ? Heartbeats.emit(EVERY, () -> -1, time) : Heartbeats.detectLoss(EVERY, time))
                    .subscribe(recorder);
        }

        private Flux<Integer> flux() {
            return new Flux<>() {
                @Override
                public void subscribe(CoreSubscriber<? super Integer> actual) {
                    source = actual;
                    actual.onSubscribe(new Subscription() {
                        @Override
                        public void request(long n) {}

                        @Override
                        public void cancel() {
                            cancelled.incrementAndGet();
                        }
                    });
                }
            };
        }

        int elements() {
            return (int) recorder.values.stream().filter(value -> value >= 0).count();
        }

        int beats() {
            return recorder.values.size() - elements();
        }
    }

    @Test
    void beatAgainstElementLosesNeither() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = new Rig(true, 10);

            RaceTestUtils.race(() -> rig.time.ring(EVERY), () -> rig.source.onNext(0));

            assertThat(rig.elements()).isEqualTo(1);
            assertThat(rig.beats()).isLessThanOrEqualTo(1);
            rig.time.ring(EVERY);
            rig.time.ring(EVERY);
            assertThat(rig.beats()).as("the timer goes on").isGreaterThanOrEqualTo(1);
        }
    }

    /** One demand: whichever takes it, the other waits and is next. */
    @Test
    void beatAgainstElementForTheLastDemand() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = new Rig(true, 1);

            RaceTestUtils.race(() -> rig.time.ring(EVERY), () -> rig.source.onNext(0));
            assertThat(rig.recorder.values).hasSize(1);
            rig.recorder.request(1);

            assertThat(rig.elements()).isEqualTo(1);
        }
    }

    @Test
    void beatAgainstRequestIsNotForgotten() {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = new Rig(true, 0);

            RaceTestUtils.race(() -> rig.time.ring(EVERY), () -> rig.recorder.request(1));

            assertThat(rig.recorder.values).containsExactly(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTimerAgainstCancelLeavesNoTimer(boolean emit) {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = new Rig(emit, 10);

            RaceTestUtils.race(() -> rig.time.ring(EVERY), rig.recorder::cancel);

            assertThat(rig.time.disposed()).isTrue();
            assertThat(rig.cancelled).hasValue(1);
            assertThat(rig.recorder.terminals).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTimerAgainstCompletionEndsOnce(boolean emit) {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = new Rig(emit, 10);

            RaceTestUtils.race(() -> rig.time.ring(EVERY), rig.source::onComplete);

            assertThat(rig.recorder.completed).isTrue();
            assertThat(rig.recorder.terminals).hasValue(1);
            assertThat(rig.time.disposed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void elementAgainstCancelLosesNothing(boolean emit) {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = new Rig(emit, 1);

            RaceTestUtils.race(() -> rig.source.onNext(0), rig.recorder::cancel);

            assertThat(rig.recorder.values.size() + rig.discarded.size()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void elementAgainstRequestPasses(boolean emit) {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = new Rig(emit, 1);

            RaceTestUtils.race(() -> rig.source.onNext(0), () -> rig.recorder.request(1));

            assertThat(rig.recorder.values).containsExactly(0);
        }
    }

    /** Heard at the last moment, or lost: never both, and what was heard first is not lost afterwards. */
    @Test
    void theVerdictAgainstAnElementIsOneOfTheTwo() {
        for (int round = 0; round < ROUNDS; round++) {
            dropped.clear();
            Rig rig = new Rig(false, 10);
            rig.time.ring(EVERY);

            RaceTestUtils.race(() -> rig.time.ring(Duration.ofMillis(1)), () -> rig.source.onNext(0));

            if (rig.recorder.terminated()) {
                assertThat(rig.recorder.error).isInstanceOf(SilenceException.class);
                assertThat(rig.recorder.values.size() + dropped.size() + rig.discarded.size())
                        .isEqualTo(1);
                assertThat(rig.cancelled).hasValue(1);
            } else {
                assertThat(rig.recorder.values).containsExactly(0);
                assertThat(rig.time.disposed()).isFalse();
            }
        }
    }

    @Test
    void theVerdictAgainstAnErrorEndsOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            dropped.clear();
            Rig rig = new Rig(false, 10);
            IllegalStateException broken = new IllegalStateException("broken");
            rig.time.ring(EVERY);

            RaceTestUtils.race(() -> rig.time.ring(Duration.ofMillis(1)), () -> rig.source.onError(broken));

            assertThat(rig.recorder.terminals).hasValue(1);
            if (rig.recorder.error == broken) {
                assertThat(dropped).isEmpty();
            } else {
                assertThat(rig.recorder.error).isInstanceOf(SilenceException.class);
                assertThat(dropped).containsExactly(broken);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void badDemandAgainstTheTimerEndsOnce(boolean emit) {
        for (int round = 0; round < ROUNDS; round++) {
            Rig rig = new Rig(emit, 10);

            RaceTestUtils.race(() -> rig.time.ring(EVERY), () -> rig.recorder.request(0));

            assertThat(rig.recorder.error).isInstanceOf(IllegalArgumentException.class);
            assertThat(rig.recorder.terminals).hasValue(1);
            assertThat(rig.time.disposed()).isTrue();
        }
    }
}
