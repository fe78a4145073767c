package io.weir.benchmarks.jmh;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler that runs its tasks when it is told to, in the thread that tells it: no thread of its own gets into what is
 * measured. What is due later never runs, which are time-outs here. One thread.
 */
final class TaskQueue implements Scheduler {

    private final Queue<Runnable> tasks = new ArrayDeque<>();

    /** Runs what is due, and what that makes due; returns how many tasks there were. */
    int run() {
        int count = 0;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            count++;
        }
        return count;
    }

    @Override
    public Disposable schedule(Runnable task) {
        tasks.add(task);
        return Disposables.disposed();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return delay <= 0 ? schedule(task) : Disposables.disposed();
    }

    @Override
    public Worker createWorker() {
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return TaskQueue.this.schedule(task);
            }

            @Override
            public void dispose() {}
        };
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void dispose() {
        tasks.clear();
    }
}
