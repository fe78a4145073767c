package io.weir.test.network;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** One host's access to the virtual time: counts its timers. */
final class HostScheduler implements Scheduler {

    private final VirtualTimeScheduler time;
    private int timers;

    HostScheduler(VirtualTimeScheduler time) {
        this.time = time;
    }

    /** Timers that have neither run nor been disposed. */
    int timers() {
        return timers;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return time.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Timer timer = new Timer(task);
        timer.scheduled = time.schedule(timer, delay, unit);
        return timer;
    }

    @Override
    public long now(TimeUnit unit) {
        return time.now(unit);
    }

    @Override
    public Worker createWorker() {
        return new HostWorker();
    }

    private final class Timer implements Runnable, Disposable {
        private final Runnable task;
        private @Nullable Disposable scheduled;
        private boolean over;

        Timer(Runnable task) {
            this.task = task;
            timers++;
        }

        @Override
        public void run() {
            if (end()) {
                task.run();
            }
        }

        @Override
        public void dispose() {
            if (end() && scheduled != null) {
                scheduled.dispose();
            }
        }

        @Override
        public boolean isDisposed() {
            return over;
        }

        private boolean end() {
            if (over) {
                return false;
            }
            over = true;
            timers--;
            return true;
        }
    }

    private final class HostWorker implements Worker {
        private final Disposable.Composite tasks = Disposables.composite();

        @Override
        public Disposable schedule(Runnable task) {
            return own(HostScheduler.this.schedule(task));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return own(HostScheduler.this.schedule(task, delay, unit));
        }

        @Override
        public void dispose() {
            tasks.dispose();
        }

        @Override
        public boolean isDisposed() {
            return tasks.isDisposed();
        }

        private Disposable own(Disposable scheduled) {
            tasks.add(scheduled);
            return scheduled;
        }
    }
}
