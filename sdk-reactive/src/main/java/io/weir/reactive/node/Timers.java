package io.weir.reactive.node;

import io.weir.reactive.transport.SessionLoop;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Timers on loops that may have been shut down. */
final class Timers {

    private Timers() {}

    /** As {@link SessionLoop#schedule}; on a loop that takes no tasks any more the task never runs. */
    static Disposable at(SessionLoop loop, long atNanos, Runnable task) {
        try {
            return loop.schedule(task, atNanos);
        } catch (RejectedExecutionException shutDown) {
            return Disposables.disposed();
        }
    }
}
