package io.weir.reactive.dispatch;

import io.weir.core.error.Legal;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;

/** A scheduler's threads, for so many tasks at a time and no more. Any thread. */
public final class BoundedTasks implements TaskThreads {

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

    /** There is no room beyond the bound, nor where the scheduler takes no more; it is the same for all owners. */
    @Override
    public void submit(Object owner, Runnable task, Runnable refused) {
        if (!offer(task)) {
            refused.run();
        }
    }

    private boolean offer(Runnable task) {
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
