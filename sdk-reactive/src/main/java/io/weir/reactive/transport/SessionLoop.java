package io.weir.reactive.transport;

import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * The one thread of control of a link and of the session on it: tasks run one after the other, never two at once, and
 * what one task wrote the next one sees. State that only tasks of the loop touch needs no lock.
 *
 * <p>A loop need not be a thread: on a Reactor {@link Scheduler} it may move between the scheduler's threads from task
 * to task, and on a private virtual-time scheduler many loops share the thread that advances the time.
 */
public interface SessionLoop {

    /** Whether the caller is inside a task of this loop. Only then may it touch the loop's state directly. */
    boolean inLoop();

    /**
     * Queues a task behind those already queued. It never runs inside the task that queues it.
     *
     * @throws RejectedExecutionException if the loop has been shut down
     */
    void execute(Runnable task);

    /**
     * Runs a task on the loop once {@link #nowNanos()} has reached {@code atNanos}; a moment in the past means as soon
     * as possible, but not inside this call when made from the loop. Disposing the result keeps a task that has not
     * started from running.
     *
     * @param atNanos absolute, on the clock of {@link #nowNanos()}
     * @throws RejectedExecutionException if the loop has been shut down
     */
    Disposable schedule(Runnable task, long atNanos);

    /** The loop's clock in nanoseconds, with an arbitrary origin: compare by subtraction. Any thread. */
    long nowNanos();

    /** The wall clock, in ms since 1970-01-01T00:00Z; in virtual time, that. Any thread. */
    long wallMillis();

    /**
     * A moment of {@link #nowNanos} by the wall clock. That is told in ms only, and nanoseconds count from an origin of their
     * own; whole ms lie between the two, so that nothing is lost where both are the same clock. Two calls for one moment may
     * differ by a ms, or by as much as the wall clock was set meanwhile. Any thread.
     */
    default Instant instant(long nanos) {
        long wallNanos = TimeUnit.MILLISECONDS.toNanos(wallMillis());
        long millisApart = -Math.floorDiv(nowNanos() - wallNanos, TimeUnit.MILLISECONDS.toNanos(1));
        return Instant.ofEpochSecond(0, nanos + TimeUnit.MILLISECONDS.toNanos(millisApart));
    }

    /**
     * A new loop whose tasks run on a scheduler. Its clock is the scheduler's, so that virtual time works: with a
     * private {@code VirtualTimeScheduler.create()} whole networks run in the thread that advances it. On a scheduler
     * with many threads each loop is still serial. A loop holds nothing of the scheduler while it is idle, so it needs
     * no disposal; it ends with the scheduler.
     */
    static SessionLoop on(Scheduler scheduler) {
        return new SchedulerLoop(scheduler);
    }
}
