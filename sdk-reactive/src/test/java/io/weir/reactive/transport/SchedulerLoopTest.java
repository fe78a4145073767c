package io.weir.reactive.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

@Timeout(60)
class SchedulerLoopTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SessionLoop loop = SessionLoop.on(time);
    private final List<String> order = new ArrayList<>();

    @AfterEach
    void tearDown() {
        time.dispose();
        Hooks.resetOnErrorDropped();
    }

    @Test
    void isInsideOnlyDuringItsOwnTasks() {
        SessionLoop other = SessionLoop.on(time);
        List<Boolean> inside = new ArrayList<>();

        inside.add(loop.inLoop());
        loop.execute(() -> {
            inside.add(loop.inLoop());
            inside.add(other.inLoop());
            other.execute(() -> inside.add(loop.inLoop()));
        });
        inside.add(loop.inLoop());

        assertThat(inside).containsExactly(false, true, false, false, false);
    }

    @Test
    void neverRunsATaskInsideTheTaskThatQueuesIt() {
        SessionLoop other = SessionLoop.on(time);

        loop.execute(() -> {
            loop.execute(() -> order.add("second"));
            other.execute(() -> {
                loop.execute(() -> order.add("fourth"));
                order.add("third");
            });
            order.add("first");
        });

        assertThat(order).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void runsTimersAtTheirAbsoluteTime() {
        long start = loop.nowNanos();
        loop.schedule(() -> order.add("3 at " + (loop.nowNanos() - start) / SECOND), start + 3 * SECOND);
        loop.schedule(() -> order.add("1 at " + (loop.nowNanos() - start) / SECOND), start + SECOND);
        Disposable cancelled = loop.schedule(() -> order.add("2"), start + 2 * SECOND);
        loop.schedule(() -> order.add("past"), start - SECOND);

        time.advanceTimeBy(Duration.ofMillis(1_500));
        cancelled.dispose();
        time.advanceTimeBy(Duration.ofMillis(1_499));
        assertThat(order).containsExactly("past", "1 at 1");
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(order).containsExactly("past", "1 at 1", "3 at 3");
        assertThat(cancelled.isDisposed()).isTrue();
    }

    @Test
    void aTimerDisposedByAnEarlierTaskOfTheSameMomentDoesNotRun() {
        long at = loop.nowNanos() + SECOND;
        Disposable.Swap second = reactor.core.Disposables.swap();
        loop.schedule(second::dispose, at);
        second.update(loop.schedule(() -> order.add("ran"), at));

        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(order).isEmpty();
    }

    @Test
    void timersRunInTheLoop() {
        List<Boolean> inside = new ArrayList<>();
        loop.schedule(() -> inside.add(loop.inLoop()), loop.nowNanos() + SECOND);

        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(inside).containsExactly(true);
    }

    @Test
    void aTaskThatThrowsStopsNoOther() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);

        loop.execute(() -> {
            loop.execute(() -> order.add("later"));
            throw new IllegalStateException("boom");
        });
        loop.execute(() -> order.add("last"));

        assertThat(order).containsExactly("later", "last");
        assertThat(dropped).singleElement().extracting(Throwable::getMessage).isEqualTo("boom");
    }

    @Test
    void refusesTasksOnceTheSchedulerIsDisposed() {
        time.dispose();

        assertThatThrownBy(() -> loop.execute(() -> order.add("ran"))).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> loop.execute(() -> order.add("ran"))).isInstanceOf(RejectedExecutionException.class);
        assertThat(order).isEmpty();
    }

    @Test
    void isSerialOnASchedulerWithManyThreads() throws InterruptedException {
        Scheduler parallel = Schedulers.newParallel("loop", 4, true);
        SessionLoop serial = SessionLoop.on(parallel);
        int producers = 4;
        int perProducer = 20_000;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        int[] plainCounter = new int[1];
        int[][] lastSeen = new int[producers][1];
        AtomicInteger disorder = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(producers * perProducer);

        for (int p = 0; p < producers; p++) {
            int producer = p;
            parallel.schedule(() -> {
                for (int i = 1; i <= perProducer; i++) {
                    int number = i;
                    serial.execute(() -> {
                        if (inside.getAndIncrement() != 0 || !serial.inLoop()) {
                            overlaps.incrementAndGet();
                        }
                        if (lastSeen[producer][0]++ != number - 1) {
                            disorder.incrementAndGet();
                        }
                        plainCounter[0]++;
                        inside.decrementAndGet();
                        done.countDown();
                    });
                }
            });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(overlaps).hasValue(0);
        assertThat(disorder).hasValue(0);
        Integer counted = Mono.<Integer>create(sink -> serial.execute(() -> sink.success(plainCounter[0])))
                .block(Duration.ofSeconds(10));
        assertThat(counted).isEqualTo(producers * perProducer);
        parallel.dispose();
    }

    @Test
    void givesOthersOfItsThreadTheirTurn() {
        Scheduler single = Schedulers.newSingle("loop", true);
        SessionLoop busy = SessionLoop.on(single);
        Runnable[] again = new Runnable[1];
        boolean[] stop = new boolean[1];
        again[0] = () -> {
            if (!stop[0]) {
                busy.execute(again[0]);
            }
        };
        busy.execute(again[0]);

        Boolean ran = Mono.<Boolean>create(sink -> single.schedule(() -> {
                    stop[0] = true;
                    sink.success(true);
                }))
                .block(Duration.ofSeconds(10));

        assertThat(ran).isTrue();
        single.dispose();
    }
}
