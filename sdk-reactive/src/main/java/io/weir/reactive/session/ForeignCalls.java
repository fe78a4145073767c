package io.weir.reactive.session;

import io.weir.reactive.transport.SessionLoop;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other threads want done on the loop, in the order in which they asked: one task of the loop does all that has come
 * until it runs, and nothing is allocated, since the calls are threaded through themselves.
 *
 * <p>A stack by compare-and-set (R. K. Treiber, "Systems Programming: Coping with Parallelism", 1986), which the loop takes
 * as a whole and turns around. Calls that anybody may make at any rate are bounded by their cost ({@link #offer}); for the
 * others, whoever adds them says what bounds them.
 */
final class ForeignCalls {

    /** One call; in the queue at most once at a time. */
    abstract static class Call {
        private @Nullable Call next;

        abstract void onLoop();
    }

    private final SessionLoop loop;
    private final Consumer<Throwable> onDefect;
    private final long mostCost;
    private final Runnable drain = this::drain;

    private volatile @Nullable Call newest;
    private static final AtomicReferenceFieldUpdater<ForeignCalls, @Nullable Call> NEWEST =
            AtomicReferenceFieldUpdater.newUpdater(ForeignCalls.class, Call.class, "newest");

    private volatile long cost;
    private static final AtomicLongFieldUpdater<ForeignCalls> COST =
            AtomicLongFieldUpdater.newUpdater(ForeignCalls.class, "cost");

    /** Cost of calls that were run and is not given back yet; touched on the loop only. */
    private long settled;

    /**
     * @param onDefect told on the loop what a call has thrown; those behind it run all the same
     * @param mostCost of all calls that were offered and not run
     */
    ForeignCalls(SessionLoop loop, Consumer<Throwable> onDefect, long mostCost) {
        this.loop = loop;
        this.onDefect = onDefect;
        this.mostCost = mostCost;
    }

    /** Queues a call. Any thread; what was written before it is visible to the call. */
    void add(Call call) {
        Call before;
        do {
            before = newest;
            call.next = before;
        } while (!NEWEST.compareAndSet(this, before, call));
        if (before == null) {
            LoopCalls.execute(loop, drain);
        }
    }

    /**
     * Queues a call, if those queued do not cost too much; a single one may cost anything. The call says {@link #taken}
     * when it runs. Any thread.
     */
    boolean offer(Call call, long itsCost) {
        long sum = COST.addAndGet(this, itsCost);
        if (sum > mostCost && sum > itsCost) {
            COST.addAndGet(this, -itsCost);
            return false;
        }
        add(call);
        return true;
    }

    /** An offered call runs: others may cost as much. On the loop. */
    void taken(long itsCost) {
        settled += itsCost;
    }

    private void drain() {
        Call call = turnedAround(NEWEST.getAndSet(this, null));
        while (call != null) {
            Call after = call.next;
            call.next = null; // it may be queued again from within
            try {
                call.onLoop();
            } catch (Throwable e) {
                onDefect.accept(e);
            }
            call = after;
        }
        if (settled > 0) {
            COST.addAndGet(this, -settled);
            settled = 0;
        }
    }

    private static @Nullable Call turnedAround(@Nullable Call newestFirst) {
        Call oldestFirst = null;
        Call call = newestFirst;
        while (call != null) {
            Call older = call.next;
            call.next = oldestFirst;
            oldestFirst = call;
            call = older;
        }
        return oldestFirst;
    }
}
