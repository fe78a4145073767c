package io.weir.reactive.dispatch;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.schedule.FairQueue;
import io.weir.reactive.serial.SerialTasks;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Calls of handlers that wait for a thread of a scheduler, fairly by session: hosts a {@link FairQueue}. The scheduler is given no more
 * than so many at a time, so that what waits does so here, where its turn is decided when a thread is free.
 *
 * <pre>
 *   call --room?--&gt; lane of its session --a thread is free, and its turn has come--&gt; the handler, on that thread
 *            \--no: BUSY, or whatever the task's owner does without it
 * </pre>
 *
 * <p>Threads: the state belongs to whoever runs its serial tasks; what is told of it is read by any.
 */
public final class WorkQueue implements TaskThreads {

    private final Scheduler scheduler;
    private final int threads;
    private final FairQueue<Object, Turn> queue;
    private final SerialTasks serial = new SerialTasks();

    /** Was polled, and the scheduler did not take it while it still worked for others. */
    private @Nullable Turn held;

    private boolean closed;

    // written by serial tasks
    private volatile int running;
    private volatile int waiting;
    private volatile long done;
    private volatile long refused;

    /**
     * With nothing in it.
     *
     * @param threads calls given to the scheduler at a time
     * @param mostWaiting calls that wait beside these, but for those of {@link #call}
     */
    public WorkQueue(Scheduler scheduler, int threads, int mostWaiting) {
        this.scheduler = scheduler;
        this.threads = threads;
        queue = new FairQueue<>(mostWaiting);
    }

    /**
     * The handler's call, and the subscription to what it returns, on a thread of the scheduler. It waits as long as it takes; how many
     * do is bounded by whoever subscribes. It fails with {@link RejectedExecutionException} where the scheduler takes nothing.
     */
    public <T> Flux<T> call(Supplier<? extends Publisher<T>> handler) {
        return call(handler, true);
    }

    /** The same; beyond the bound, and where the scheduler takes nothing, nothing was done, and it fails with BUSY. */
    public <T> Flux<T> callOrBusy(Supplier<? extends Publisher<T>> handler) {
        return call(handler, false);
    }

    private <T> Flux<T> call(Supplier<? extends Publisher<T>> handler, boolean waits) {
        Flux<T> work = Scheduled.calling(handler);
        return Mono.<T>deferContextual(context -> {
                    Handling handling = Handling.of(context);
                    Object lane = handling == null ? this : handling.owner();
                    return Mono.create(sink -> serial.run(() -> come(lane, new Call(sink, waits))));
                })
                .thenMany(work);
    }

    /** There is no room beyond the bound, nor where the scheduler takes nothing. */
    @Override
    public void submit(Object owner, Runnable task, Runnable refusal) {
        serial.run(() -> come(owner, new Task(task, refusal)));
    }

    /** Refuses what waits and what comes; what runs is left to end. Idempotent. Any thread. */
    public void close() {
        serial.run(() -> {
            closed = true;
            giveOut();
        });
    }

    /** Calls that threads are at. Any thread. */
    public int running() {
        return running;
    }

    /** Calls that wait for a thread. Any thread. */
    public int waiting() {
        return waiting;
    }

    /** Calls that have returned. Any thread. */
    public long done() {
        return done;
    }

    /** Calls that never were. Any thread. */
    public long refused() {
        return refused;
    }

    // ---- serial

    private void come(Object lane, Turn turn) {
        if (turn.waits()) {
            queue.addBeyond(lane, turn);
        } else if (!queue.offer(lane, turn)) {
            refused = refused + 1;
            turn.refuse(null);
        }
        giveOut();
    }

    private void giveOut() {
        while (closed || running < threads) {
            Turn next = held == null ? queue.poll() : held;
            held = null;
            if (next == null) {
                break;
            }
            if (closed) {
                refuse(next, new RejectedExecutionException("the workers are disposed"));
            } else if (!begin(next)) {
                held = next; // there is room when one of those that run is done
                break;
            }
        }
        waiting = queue.size() + (held == null ? 0 : 1);
    }

    /** @return false if it is to be tried again */
    private boolean begin(Turn turn) {
        try {
            running = running + 1;
            scheduler.schedule(() -> work(turn));
            return true;
        } catch (RejectedExecutionException e) {
            running = running - 1;
            if (running == 0) {
                refuse(turn, e);
            }
            return running == 0;
        }
    }

    private void refuse(Turn turn, RejectedExecutionException why) {
        refused = refused + 1;
        turn.refuse(why);
    }

    private void onDone() {
        running = running - 1;
        done = done + 1;
        giveOut();
    }

    // ---- a thread of the scheduler

    private void work(Turn turn) {
        try {
            turn.run();
        } finally {
            serial.run(this::onDone);
        }
    }

    /** What waits for a thread. */
    private sealed interface Turn {

        /** Whether it has a place however many wait. */
        boolean waits();

        void run();

        /** @param why null if too many wait */
        void refuse(@Nullable RejectedExecutionException why);
    }

    private record Call(MonoSink<?> sink, boolean waits) implements Turn {

        /** Within it the handler is called. */
        @Override
        public void run() {
            sink.success();
        }

        @Override
        public void refuse(@Nullable RejectedExecutionException why) {
            sink.error(waits && why != null ? why : RequestRefusedException.untraced(ErrorCode.BUSY));
        }
    }

    private record Task(Runnable task, Runnable refusal) implements Turn {

        @Override
        public boolean waits() {
            return false;
        }

        @Override
        public void run() {
            task.run();
        }

        @Override
        public void refuse(@Nullable RejectedExecutionException why) {
            refusal.run();
        }
    }
}
