package io.weir.reactive.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Virtual time in which nothing at all happens but inside {@link #settle} and {@link #advance}, and which knows the timers
 * that are still to fire: those neither run nor disposed.
 */
public final class TrackedTime implements Scheduler {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Set<Timer> timers = ConcurrentHashMap.newKeySet();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean running;

    /** Lets everything happen that needs no time. */
    public void settle() {
        run(time::advanceTime);
    }

    public void advance(Duration duration) {
        run(() -> time.advanceTimeBy(duration));
    }

    private void run(Runnable step) {
        running = true;
        try {
            Runnable task;
            while ((task = held.poll()) != null) {
                time.schedule(task);
            }
            step.run();
        } finally {
            running = false;
        }
    }

    /** Timers that are still to fire. */
    public int timers() {
        return timers.size();
    }

    @Override
    public Disposable schedule(Runnable task) {
        if (running) {
            return time.schedule(task);
        }
        held.add(task);
        return () -> held.remove(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Timer timer = new Timer(task);
        timers.add(timer);
        timer.scheduled = time.schedule(timer, delay, unit);
        return timer;
    }

    @Override
    public long now(TimeUnit unit) {
        return time.now(unit);
    }

    @Override
    public Worker createWorker() {
        return time.createWorker();
    }

    @Override
    public void dispose() {
        time.dispose();
    }

    private final class Timer implements Runnable, Disposable {
        private final Runnable task;
        private @Nullable Disposable scheduled;

        Timer(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            timers.remove(this);
            task.run();
        }

        @Override
        public void dispose() {
            timers.remove(this);
            if (scheduled != null) {
                scheduled.dispose();
            }
        }
    }
}
