package io.weir.reactive.session;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Virtual time that can pause as a process does: the clock jumps, nothing runs meanwhile, and then every timer that has come
 * due runs late, all at the same moment. Everything happens in the thread that calls {@link #advance} or {@link #pause}.
 */
final class PausableTime implements Scheduler {

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(
            Comparator.comparingLong((Task task) -> task.atNanos).thenComparing(task -> task.number));
    private long nowNanos;
    private long numbers;
    private boolean disposed;

    /** Lets time pass, and each thing happen in its time. */
    void advance(Duration duration) {
        long end = nowNanos + duration.toNanos();
        runUntil(end);
        nowNanos = Math.max(nowNanos, end);
    }

    /** Lets the clock jump, and whatever was missed happen afterwards. */
    void pause(Duration duration) {
        nowNanos += duration.toNanos();
        runUntil(nowNanos);
    }

    /** Lets the clock jump while something runs that takes its time. */
    void elapse(Duration duration) {
        nowNanos += duration.toNanos();
    }

    private void runUntil(long endNanos) {
        Task next;
        while ((next = tasks.peek()) != null && next.atNanos <= endNanos) {
            tasks.poll();
            nowNanos = Math.max(nowNanos, next.atNanos);
            if (!next.disposed) {
                next.disposed = true;
                next.action.run();
            }
        }
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable action, long delay, TimeUnit unit) {
        Task task = new Task(action, nowNanos + Math.max(0, unit.toNanos(delay)), numbers++);
        if (!disposed) {
            tasks.add(task);
        }
        return task;
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(nowNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
        return new Worker() {
            private boolean ended;

            @Override
            public Disposable schedule(Runnable task) {
                return schedule(task, 0, TimeUnit.NANOSECONDS);
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                return PausableTime.this.schedule(
                        () -> {
                            if (!ended) {
                                task.run();
                            }
                        },
                        delay,
                        unit);
            }

            @Override
            public void dispose() {
                ended = true;
            }
        };
    }

    @Override
    public void dispose() {
        disposed = true;
        tasks.clear();
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    private static final class Task implements Disposable {
        private final Runnable action;
        private final long atNanos;
        private final long number;
        private boolean disposed;

        Task(Runnable action, long atNanos, long number) {
            this.action = action;
            this.atNanos = atNanos;
            this.number = number;
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }
}
