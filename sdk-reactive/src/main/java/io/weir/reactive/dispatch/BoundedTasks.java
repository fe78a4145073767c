package io.weir.reactive.dispatch;

import io.weir.core.error.Legal;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;

/** A scheduler's threads, for so many tasks at a time and no more. Any thread. */
public final class BoundedTasks {

    private static final int MOST = 65_536;

    private final Scheduler scheduler;
    private final int most;
    private final AtomicInteger running = new AtomicInteger();

    /** @param most tasks that may wait or run at a time, 1 to 65,536 */
    public BoundedTasks(Scheduler scheduler, int most) {
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        Legal.range("most", most, 1, MOST);
        this.most = most;
    }

    /** Runs a task there; false, and it never runs, if there are too many, or the scheduler takes no more. */
    public boolean submit(Runnable task) {
        if (running.getAndIncrement() >= most) {
            running.decrementAndGet();
            return false;
        }
        try {
            scheduler.schedule(() -> {
                try {
                    task.run();
                } finally {
                    running.decrementAndGet();
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            running.decrementAndGet();
            return false;
        }
    }
}
