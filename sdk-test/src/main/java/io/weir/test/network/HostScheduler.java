package io.weir.test.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * One host's access to the virtual time: keeps its timers, and can be frozen, as a process is that gets no processor: then
 * everything runs late, in order, and finds that the clock has jumped. Its clock can be set, and timers with it.
 */
final class HostScheduler implements Scheduler {

    private final VirtualTimeScheduler time;

    /** What came due while the host was frozen, in that order. */
    private final Queue<Task> held = new ArrayDeque<>();

    private long frozenUntilNanos;
    private boolean thawing;

    /** Neither run nor disposed. */
    private final Set<Task> timers = new LinkedHashSet<>();

    /** By how much its clock is ahead of the network's. */
    private long aheadNanos;

    HostScheduler(VirtualTimeScheduler time) {
        this.time = time;
    }

    /** Timers that have neither run nor been disposed. */
    int timers() {
        return timers.size();
    }

    /** Sets the clock forward, or back if negative. What waits for a time waits for that of the clock. */
    void setClock(long forwardNanos) {
        aheadNanos += forwardNanos;
        List<Task> waiting = new ArrayList<>(timers);
        waiting.sort(Comparator.comparingLong(task -> task.dueNanos)); // stable: equal ones stay in order
        waiting.forEach(Task::restart);
    }

    void freeze(long untilNanos) {
        frozenUntilNanos = Math.max(frozenUntilNanos, untilNanos);
    }

    /** Runs what the world does to this host: now, or in its turn once the host is no longer frozen. */
    void runOrHold(Runnable event) {
        if (isFrozen()) {
            hold(new Task(event, false, null));
        } else {
            event.run();
        }
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
        return unit.convert(time.now(TimeUnit.NANOSECONDS) + aheadNanos, TimeUnit.NANOSECONDS);
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
        private long dueNanos; // of a timer, by this host's clock
        private boolean over;

        Task(Runnable task, boolean timer, Disposable.@Nullable Composite owner) {
            this.task = task;
            this.timer = timer;
            this.owner = owner;
        }

        void start(long delayNanos) {
            if (timer) {
                timers.add(this);
                dueNanos = now(TimeUnit.NANOSECONDS) + delayNanos;
                scheduled = time.schedule(this, delayNanos, TimeUnit.NANOSECONDS);
            } else if (isFrozen()) {
                hold(this);
            } else {
                scheduled = time.schedule(this);
            }
        }

        /** After the clock was set. One that waits for its frozen host has had its time. */
        void restart() {
            if (scheduled != null && !held.contains(this)) {
                scheduled.dispose();
                long leftNanos = Math.max(0, dueNanos - now(TimeUnit.NANOSECONDS));
                scheduled = time.schedule(this, leftNanos, TimeUnit.NANOSECONDS);
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
            timers.remove(this);
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
