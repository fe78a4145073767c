package io.weir.reactive.session.loop;

import io.weir.reactive.transport.SessionLoop;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * All deadlines of one session behind one lazily re-armed timer of the loop: a deadline that moves later costs nothing
 * until the timer fires. Loop-confined.
 */
public final class SessionTimers implements Disposable {

    /** Cancelled deadlines that are kept without counting. */
    private static final int FEW = 64;

    private final SessionLoop loop;
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>();
    private int cancelled;
    private @Nullable Disposable armed;
    private long armedAtNanos;
    private boolean disposed;

    public SessionTimers(SessionLoop loop) {
        this.loop = loop;
    }

    /** Runs the task once, at or soon after this time, unless cancelled. */
    public Deadline at(long atNanos, Runnable task) {
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
        cancelled = 0;
        disarm();
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    /** Deadlines that have not fired and were not cancelled. */
    public int pending() {
        return deadlines.size() - cancelled;
    }

    /** Deadlines held, cancelled ones included: at most twice those pending, and a few. */
    public int held() {
        return deadlines.size();
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
        try {
            Deadline first;
            while ((first = firstLive()) != null && first.atNanos - now <= 0) {
                deadlines.poll();
                first.run();
            }
        } finally {
            if (!disposed) {
                arm();
            }
        }
    }

    private @Nullable Deadline firstLive() {
        Deadline first = deadlines.peek();
        while (first != null && first.isDisposed()) {
            deadlines.poll();
            cancelled--;
            first = deadlines.peek();
        }
        return first;
    }

    /** A peer may cause and cancel deadlines at any rate, so what is kept of them is bounded by what is pending. */
    private void onCancelled() {
        if (!disposed && ++cancelled > FEW && cancelled > deadlines.size() / 2) {
            deadlines.removeIf(Deadline::isDisposed);
            cancelled = 0;
        }
    }

    /** One deadline; cancelling leaves it in the heap for a while, but lets go of its task at once. */
    final class Deadline implements Comparable<Deadline>, Disposable {
        private final long atNanos;
        private @Nullable Runnable task;

        private Deadline(long atNanos, Runnable task) {
            this.atNanos = atNanos;
            this.task = task;
        }

        private void run() {
            Runnable due = task;
            task = null;
            if (due != null) {
                due.run();
            }
        }

        @Override
        public void dispose() {
            if (task != null) {
                task = null;
                onCancelled();
            }
        }

        /** Fired or cancelled. */
        @Override
        public boolean isDisposed() {
            return task == null;
        }

        @Override
        public int compareTo(Deadline other) {
            return Long.signum(atNanos - other.atNanos);
        }
    }
}
