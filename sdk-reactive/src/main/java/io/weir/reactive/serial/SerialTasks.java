package io.weir.reactive.serial;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Tasks of any thread, run one after the other in the order in which they came, by whoever finds nobody running them. As
 * many wait as other threads bring while one runs, so tasks are short.
 */
public final class SerialTasks {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final SerialDrain drain = new SerialDrain(this::runAll);

    /**
     * Runs a task, now or when those before it have been.
     *
     * @return whether this thread ran tasks, and has run all
     */
    public boolean run(Runnable task) {
        tasks.add(task);
        return drain.drain();
    }

    private void runAll() {
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
    }
}
