package io.weir.reactive.dispatch;

import io.weir.core.error.Legal;
import java.util.Objects;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Threads on which handlers may block, bounded in how many there are and in what waits for them, for as many handlers as one likes
 * ({@code RequestHandler.on} and its like): what they are shared by shares the bound.
 *
 * <p>What waits does so by session, and sessions have their turns one after the other. A session may have a quarter of the places, and
 * always one where it has none, so none can fill the queue for the others, nor make them wait for more than one call of each. Beyond the
 * bound a request is answered {@code BUSY} at once, and a stream ends with it; one-way messages wait with their credit.
 *
 * <p>Thread safe.
 */
public final class Workers implements Disposable {

    /** Calls that wait for a thread where nothing else is said. */
    public static final int DEFAULT_WAITING = 1_024;

    private static final int MOST_THREADS = 65_536;
    private static final int MOST_WAITING = 1_000_000;
    private static final long IDLE_SECONDS = 60;

    private final WorkQueue queue;
    private final int threads;
    private final int places;
    private final Runnable ending;
    private volatile boolean disposed;

    private Workers(Scheduler scheduler, int threads, int places, Runnable ending) {
        queue = new WorkQueue(scheduler, threads, places);
        this.threads = threads;
        this.places = places;
        this.ending = ending;
    }

    /** {@link #create(String, int, int)} with {@link #DEFAULT_WAITING}. */
    public static Workers create(String name, int threads) {
        return create(name, threads, DEFAULT_WAITING);
    }

    /**
     * With threads of its own: daemons that are made when they are needed and end after a minute without work, or with {@link #dispose}.
     *
     * @param name how their names begin
     * @param threads 1 to 65,536
     * @param waiting calls that may wait for them, 1 to 1,000,000
     */
    public static Workers create(String name, int threads, int waiting) {
        Objects.requireNonNull(name, "name");
        check(threads, waiting);
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedTransferQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        // not ended by its scheduler, which would interrupt it and forget what it was given
        return new Workers(Schedulers.fromExecutor(pool), threads, waiting, pool::shutdown);
    }

    /**
     * With the threads of a scheduler, such as one of virtual threads, which should be for nobody else. It stays whoever's it is.
     *
     * @param threads calls that it is given at a time, 1 to 65,536
     * @param waiting calls that may wait beside these, 1 to 1,000,000
     */
    public static Workers on(Scheduler scheduler, int threads, int waiting) {
        Objects.requireNonNull(scheduler, "scheduler");
        check(threads, waiting);
        return new Workers(scheduler, threads, waiting, () -> {});
    }

    /** Calls that may run at a time. */
    public int threads() {
        return threads;
    }

    /** Calls that may wait beside these, but for one-way messages, which wait in any number. */
    public int places() {
        return places;
    }

    /** What they have done. */
    public WorkerStats stats() {
        return new WorkerStats(queue.running(), queue.waiting(), queue.done(), queue.refused());
    }

    /**
     * Refuses what waits and what comes; what runs is left to end, and its own threads end with it. A scheduler that was given goes on.
     * Idempotent.
     */
    @Override
    public void dispose() {
        disposed = true;
        queue.close();
        ending.run();
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    /** Where handlers wait for them. */
    public WorkQueue queue() {
        return queue;
    }

    private static void check(int threads, int waiting) {
        Legal.range("threads", threads, 1, MOST_THREADS);
        Legal.range("waiting", waiting, 1, MOST_WAITING);
    }
}
