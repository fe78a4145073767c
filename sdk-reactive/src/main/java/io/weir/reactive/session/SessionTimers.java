package io.weir.reactive.session;

import io.weir.reactive.transport.SessionLoop;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * All deadlines of one session behind one lazily re-armed timer of the loop: a deadline that moves later costs nothing
 * until the timer fires. Loop-confined.
 */
final class SessionTimers implements Disposable {

    private final SessionLoop loop;
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>();
    private @Nullable Disposable armed;
    private long armedAtNanos;
    private boolean disposed;

    SessionTimers(SessionLoop loop) {
        this.loop = loop;
    }

    /** Runs the task once, at or soon after this time, unless cancelled. */
    Deadline at(long atNanos, Runnable task) {
        Deadline deadline = new Deadline(atNanos, task);
        if (!disposed) {
            deadlines.add(deadline);
            arm();
        }
        return deadline;
    }

    /** Cancels everything. */
    @Override
    public void dispose() {
        disposed = true;
        deadlines.clear();
        disarm();
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    /** Deadlines that have not fired and were not cancelled. */
    int pending() {
        return (int) deadlines.stream().filter(d -> !d.cancelled).count();
    }

    private void arm() {
        Deadline first = firstLive();
        if (first == null) {
            return;
        }
        if (armed != null) {
            if (armedAtNanos - first.atNanos <= 0) {
                return;
            }
            disarm();
        }
        armedAtNanos = first.atNanos;
        armed = loop.schedule(this::fire, first.atNanos);
    }

    private void disarm() {
        if (armed != null) {
            armed.dispose();
            armed = null;
        }
    }

    private void fire() {
        armed = null;
        if (disposed) {
            return;
        }
        long now = loop.nowNanos();
        Deadline first;
        while ((first = firstLive()) != null && first.atNanos - now <= 0) {
            deadlines.poll();
            first.cancelled = true;
            first.task.run();
        }
        if (!disposed) {
            arm();
        }
    }

    private @Nullable Deadline firstLive() {
        Deadline first = deadlines.peek();
        while (first != null && first.cancelled) {
            deadlines.poll();
            first = deadlines.peek();
        }
        return first;
    }

    /** One deadline; cancelling leaves it in the heap until its time, so cancel is O(1). */
    static final class Deadline implements Comparable<Deadline>, Disposable {
        private final long atNanos;
        private final Runnable task;
        private boolean cancelled;

        Deadline(long atNanos, Runnable task) {
            this.atNanos = atNanos;
            this.task = task;
        }

        @Override
        public void dispose() {
            cancelled = true;
        }

        @Override
        public boolean isDisposed() {
            return cancelled;
        }

        @Override
        public int compareTo(Deadline other) {
            return Long.signum(atNanos - other.atNanos);
        }
    }
}
