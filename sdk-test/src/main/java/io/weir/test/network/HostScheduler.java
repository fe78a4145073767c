package io.weir.test.network;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * One host's access to the virtual time: counts its timers, and can be frozen, as a process is that gets no processor:
 * then everything runs late, in order, and finds that the clock has jumped.
 */
final class HostScheduler implements Scheduler {

    private final VirtualTimeScheduler time;

    /** What came due while the host was frozen, in that order. */
    private final Queue<Task> held = new ArrayDeque<>();

    private long frozenUntilNanos;
    private boolean thawing;
    private int timers;

    HostScheduler(VirtualTimeScheduler time) {
        this.time = time;
    }

    /** Timers that have neither run nor been disposed. */
    int timers() {
        return timers;
    }

    void freeze(long untilNanos) {
        frozenUntilNanos = Math.max(frozenUntilNanos, untilNanos);
    }

    private boolean isFrozen() {
        return !held.isEmpty() || frozenUntilNanos > time.now(TimeUnit.NANOSECONDS);
    }

    private void hold(Task task) {
        held.add(task);
        thawLater();
    }

    private void thawLater() {
        if (!thawing) {
            thawing = true;
            long leftNanos = Math.max(0, frozenUntilNanos - time.now(TimeUnit.NANOSECONDS));
            time.schedule(this::thaw, leftNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void thaw() {
        thawing = false;
        try {
            while (frozenUntilNanos <= time.now(TimeUnit.NANOSECONDS) && !held.isEmpty()) {
                // taken out only then: what it schedules goes behind those that wait
                try {
                    held.element().execute();
                } finally {
                    held.remove();
                }
            }
        } finally {
            if (!held.isEmpty()) {
                thawLater();
            }
        }
    }

    @Override
    public Disposable schedule(Runnable task) {
        return start(new Task(task, false, null), 0);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return start(new Task(task, true, null), unit.toNanos(delay));
    }

    @Override
    public long now(TimeUnit unit) {
        return time.now(unit);
    }

    @Override
    public Worker createWorker() {
        return new HostWorker();
    }

    private Task start(Task task, long delayNanos) {
        task.start(delayNanos);
        return task;
    }

    private final class Task implements Runnable, Disposable {
        private final Runnable task;
        private final boolean timer;
        private final Disposable.@Nullable Composite owner;
        private @Nullable Disposable scheduled;
        private boolean over;

        Task(Runnable task, boolean timer, Disposable.@Nullable Composite owner) {
            this.task = task;
            this.timer = timer;
            this.owner = owner;
            if (timer) {
                timers++;
            }
        }

        void start(long delayNanos) {
            if (timer) {
                scheduled = time.schedule(this, delayNanos, TimeUnit.NANOSECONDS);
            } else if (isFrozen()) {
                hold(this);
            } else {
                scheduled = time.schedule(this);
            }
        }

        @Override
        public void run() {
            if (over) {
                return;
            }
            if (isFrozen()) {
                hold(this);
            } else {
                execute();
            }
        }

        void execute() {
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
            if (timer) {
                timers--;
            }
            if (owner != null) {
                owner.remove(this);
            }
            return true;
        }
    }

    private final class HostWorker implements Worker {
        private final Disposable.Composite tasks = Disposables.composite();

        @Override
        public Disposable schedule(Runnable task) {
            return own(new Task(task, false, tasks), 0);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return own(new Task(task, true, tasks), unit.toNanos(delay));
        }

        @Override
        public void dispose() {
            tasks.dispose();
        }

        @Override
        public boolean isDisposed() {
            return tasks.isDisposed();
        }

        private Disposable own(Task task, long delayNanos) {
            // added first: the task may run, and leave, inside start
            tasks.add(task);
            return start(task, delayNanos);
        }
    }
}
