package io.weir.spring.autoconfigure;

import java.util.Objects;
import reactor.core.scheduler.Scheduler;

/**
 * Where handlers are called that return no publisher, and so may block. A bean of this type takes the place of workers, and of
 * Reactor's bounded elastic threads.
 *
 * @param scheduler the threads, which the application keeps and disposes
 */
public record HandlerThreads(Scheduler scheduler) {
    public HandlerThreads {
        Objects.requireNonNull(scheduler, "scheduler");
    }
}
