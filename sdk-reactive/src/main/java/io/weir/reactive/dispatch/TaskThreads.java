package io.weir.reactive.dispatch;

/** Threads to which tasks are given while there is room for them. Any thread. */
public interface TaskThreads {

    /**
     * Runs the task on one of them, or {@code refused} where there is no room: one of both, once.
     *
     * @param owner for whom it is: threads that are short are shared out among those, told apart by {@code equals}
     * @param refused is run before this returns, or on one of the threads; must not block
     */
    void submit(Object owner, Runnable task, Runnable refused);
}
