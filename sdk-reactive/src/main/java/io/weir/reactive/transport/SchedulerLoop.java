package io.weir.reactive.transport;

import io.weir.reactive.fault.Fault;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * A {@link SessionLoop} on a Reactor scheduler. Serialisation: a queue with many producers and a work-in-progress
 * counter; whoever raises it from zero schedules one drain, so at most one drain exists at any time, whichever thread
 * runs it. A worker would give the same but would have to be disposed by someone who knows when the last task has run.
 */
final class SchedulerLoop implements SessionLoop {

    /** Tasks in one go before other users of the scheduler's thread get their turn. */
    private static final int TASKS_PER_TURN = 256;

    private final Scheduler scheduler;
    private final Queue<Runnable> tasks =
            Queues.<Runnable>unboundedMultiproducer().get();

    private volatile int wip;
    private static final AtomicIntegerFieldUpdater<SchedulerLoop> WIP =
            AtomicIntegerFieldUpdater.newUpdater(SchedulerLoop.class, "wip");

    /** The thread that is inside a task. Others only compare it with themselves, and never match a stale value. */
    private volatile @Nullable Thread owner;

    SchedulerLoop(Scheduler scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    }

    @Override
    public boolean inLoop() {
        return owner == Thread.currentThread();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(Objects.requireNonNull(task, "task"));
        if (WIP.getAndIncrement(this) == 0) {
            scheduleDrain();
        }
    }

    @Override
    public Disposable schedule(Runnable task, long atNanos) {
        Timed timed = new Timed(Objects.requireNonNull(task, "task"));
        long delayNanos = Math.max(0, atNanos - nowNanos());
        if (delayNanos == 0) {
            execute(timed);
        } else {
            timed.timer.update(
                    scheduler.schedule(() -> executeUnlessShutDown(timed), delayNanos, TimeUnit.NANOSECONDS));
        }
        return timed;
    }

    @Override
    public long nowNanos() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    @Override
    public long wallMillis() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }

    @Override
    public String toString() {
        return "SessionLoop on " + scheduler;
    }

    private void executeUnlessShutDown(Runnable task) {
        try {
            execute(task);
        } catch (RejectedExecutionException e) {
            // The scheduler was disposed between the timer and the task: nothing runs on it any more.
        }
    }

    private void scheduleDrain() {
        try {
            scheduler.schedule(this::drain);
        } catch (RejectedExecutionException e) {
            // The scheduler has been disposed. No drain exists, so this thread may act as the queue's consumer.
            tasks.clear();
            wip = 0;
            throw e;
        }
    }

    private void drain() {
        int missed = wip;
        owner = Thread.currentThread();
        for (int done = 0; done < TASKS_PER_TURN; done++) {
            Runnable task = tasks.poll();
            if (task != null) {
                run(task);
                continue;
            }
            // Given up before the counter: once it is zero another thread's drain may already own the loop.
            owner = null;
            missed = WIP.addAndGet(this, -missed);
            if (missed == 0) {
                return;
            }
            owner = Thread.currentThread();
        }
        owner = null;
        scheduleDrain();
    }

    /** A task that throws is reported and never stops those behind it. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            Fault.report(e, Context.empty());
        }
    }

    private static final class Timed implements Runnable, Disposable {

        private final Runnable task;
        private final Disposable.Swap timer = Disposables.swap();

        private volatile boolean disposed;

        Timed(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (!disposed) {
                disposed = true;
                task.run();
            }
        }

        @Override
        public void dispose() {
            disposed = true;
            timer.dispose();
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }
}
