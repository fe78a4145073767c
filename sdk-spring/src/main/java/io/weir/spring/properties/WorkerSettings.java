package io.weir.spring.properties;

import io.weir.reactive.dispatch.Workers;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.system.JavaVersion;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import reactor.core.scheduler.Schedulers;

/**
 * What {@code weir.workers.*} mean.
 *
 * @param threads calls at a time, as {@link Workers#create} has it
 * @param waiting calls that may wait beside these, likewise
 * @param virtual whether each has a virtual thread of its own; wants a JDK of 21 or newer
 */
public record WorkerSettings(int threads, int waiting, boolean virtual) {

    private static final String AT = "weir.workers.";
    private static final String NAME = "weir-worker";

    /** @throws IllegalArgumentException that says what is legal */
    public WorkerSettings {
        Workers.on(Schedulers.immediate(), threads, waiting); // knows the ranges, and has nothing to be disposed of
        if (virtual && JavaVersion.getJavaVersion().isOlderThan(JavaVersion.TWENTY_ONE)) {
            throw new IllegalArgumentException("virtual is true; legal: false before JDK 21, of which this is "
                    + Runtime.version().feature());
        }
    }

    /** Null where nothing is said of them. */
    static @Nullable WorkerSettings of(WeirProperties.Workers of) {
        Integer threads = of.threads();
        if (threads == null) {
            unusedWithoutThreads("waiting", of.waiting());
            unusedWithoutThreads("virtual", of.virtual());
            return null;
        }
        return new Applied<WorkerSettings>()
                .with(AT + "threads", threads, (all, value) -> new WorkerSettings(value, all.waiting, all.virtual))
                .with(AT + "waiting", of.waiting(), (all, value) -> new WorkerSettings(all.threads, value, all.virtual))
                .with(AT + "virtual", of.virtual(), (all, value) -> new WorkerSettings(all.threads, all.waiting, value))
                .to(new WorkerSettings(1, Workers.DEFAULT_WAITING, false));
    }

    private static void unusedWithoutThreads(String name, @Nullable Object value) {
        if (value != null) {
            throw Refusal.of(
                    AT + name, value, "it is for workers, of which there are none without weir.workers.threads", null);
        }
    }

    /** Those workers, which are whoever's calls this. */
    public Workers start() {
        return virtual
                ? Workers.on(Schedulers.fromExecutor(new VirtualThreadTaskExecutor(NAME + "-")), threads, waiting)
                : Workers.create(NAME, threads, waiting);
    }
}
