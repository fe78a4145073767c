package io.weir.reactive.session.loop;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * The time-outs of requests. Requests with the same time-out expire in the order in which they were made, so each of a few
 * lengths has one first-in-first-out queue, threaded through its requests, and one timer for the oldest: a request that is
 * answered in time costs neither an entry of the timer heap nor an allocation. One whose length is beyond the
 * {@value #MOST_QUEUES} in use gets a queue and a timer of its own. Loop-confined.
 */
public final class TimeLimits {

    static final int MOST_QUEUES = 16;

    /** Of a length that is rounded up. */
    private static final int KEPT_BITS = 6;

    /** Something that is given up at its deadline. */
    public abstract static class Timed extends ForeignCalls.Call {
        private @Nullable Timed earlier;
        private @Nullable Timed later;
        private @Nullable Queue queue;
        /** How long it may take, as long as it was not added; from then on when it was. */
        private long nanos;

        /** It was not removed in time, and is removed now. */
        protected abstract void onTimeout();

        /** Says how long it may take, 0 or more nanoseconds; to be told before it is added. */
        public final void limitNanos(long length) {
            nanos = length;
        }

        /** How long it may take; only as long as it was not added. */
        public final long limitNanos() {
            return nanos;
        }

        /** When it was added. */
        public final long begunNanos() {
            return nanos;
        }

        /** Until when it may take; only as long as it waits for that. */
        public final long deadlineNanos() {
            return nanos + Objects.requireNonNull(queue, "it has no limit").timeoutNanos;
        }
    }

    private final SessionTimers timers;
    private final Queue[] queues = new Queue[MOST_QUEUES];
    private int used;

    public TimeLimits(SessionTimers timers) {
        this.timers = timers;
    }

    /** It begins now, and may take as long as was said. */
    public void add(Timed timed, long nowNanos) {
        Queue queue = queueFor(timed.nanos);
        timed.nanos = nowNanos;
        queue.append(timed);
    }

    /**
     * The same, up to a 32nd of the length later: of lengths that all differ, as those that peers say, few are left, so that each
     * has its queue.
     */
    public void addAbout(Timed timed, long nowNanos) {
        timed.nanos = roundedUp(timed.nanos);
        add(timed, nowNanos);
    }

    static long roundedUp(long nanos) {
        int dropped = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - KEPT_BITS);
        long unit = 1L << dropped;
        return nanos + unit - 1 & -unit;
    }

    /** It is over. No effect unless it was added and has not timed out. */
    public void remove(Timed timed) {
        Queue queue = timed.queue;
        if (queue != null) {
            queue.unlink(timed);
        }
    }

    /** The queue of this length; one that is empty may change its length. */
    private Queue queueFor(long timeoutNanos) {
        Queue free = null;
        for (int i = 0; i < used; i++) {
            Queue queue = queues[i];
            if (queue.timeoutNanos == timeoutNanos) {
                return queue;
            }
            if (queue.oldest == null) {
                free = queue;
            }
        }
        if (free == null) {
            free = new Queue(used < MOST_QUEUES);
            if (free.kept) {
                queues[used++] = free;
            }
        }
        free.timeoutNanos = timeoutNanos;
        return free;
    }

    /**
     * Those of one length, in the order of their deadlines, with a timer that never fires after the oldest's.
     *
     * <pre>
     *   oldest                    newest
     *     a &lt;--&gt; b &lt;--&gt; c  ...  &lt;--&gt; z          deadline = begun + length
     *     |
     *   timer: at a's deadline, or before it, where it was set for one that has been answered
     *
     *   no timer --append to an empty queue--&gt; set --fires--&gt; what is due is given up --&gt; set for the oldest left, or none
     * </pre>
     *
     * <p>Answers leave the timer where it is: it fires too early, finds nothing due and is set again. So a queue costs one timer
     * for each length of time, not one for each request.
     */
    private final class Queue {
        private final Runnable onTimer = this::expire;
        private final boolean kept;
        private long timeoutNanos;
        private @Nullable Timed oldest;
        private @Nullable Timed newest;
        private @Nullable Disposable timer; // null: none is set
        private long timerNanos; // when it fires

        /** @param kept for others of its length; one that is not kept leaves no timer behind */
        private Queue(boolean kept) {
            this.kept = kept;
        }

        private void append(Timed timed) {
            timed.queue = this;
            Timed last = newest;
            timed.earlier = last;
            if (last == null) {
                oldest = timed;
            } else {
                last.later = timed;
            }
            newest = timed;
            watchOldest();
        }

        private void unlink(Timed timed) {
            Timed before = timed.earlier;
            Timed after = timed.later;
            if (before == null) {
                oldest = after;
            } else {
                before.later = after;
            }
            if (after == null) {
                newest = before;
            } else {
                after.earlier = before;
            }
            timed.earlier = null;
            timed.later = null;
            timed.queue = null;
            if (!kept && timer != null) {
                timer.dispose();
            }
        }

        /** A timer that fires too early looks again; only one that would fire too late is replaced. */
        private void watchOldest() {
            Timed first = oldest;
            if (first == null) {
                return;
            }
            long deadlineNanos = first.nanos + timeoutNanos;
            if (timer != null) {
                if (timerNanos - deadlineNanos <= 0) {
                    return;
                }
                timer.dispose();
            }
            timerNanos = deadlineNanos;
            timer = timers.at(deadlineNanos, onTimer);
        }

        private void expire() {
            long untilNanos = timerNanos; // and not the time now: what becomes due meanwhile has a timer of its own
            timer = null;
            Timed first;
            while ((first = oldest) != null && first.nanos + timeoutNanos - untilNanos <= 0) {
                unlink(first);
                first.onTimeout();
            }
            watchOldest();
        }
    }
}
