package io.weir.reactive.session.loop;

import io.weir.reactive.transport.SessionLoop;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other threads want done on the loop, in the order in which they asked: one task of the loop does all that has come
 * until it runs, and nothing is allocated, since the calls are threaded through themselves.
 *
 * <p>A stack by compare-and-set (R. K. Treiber, "Systems Programming: Coping with Parallelism", 1986), which the loop takes
 * as a whole and turns around. Whoever adds a call says what bounds how many there are.
 */
public final class ForeignCalls {

    /** One call; in the queue at most once at a time. */
    public abstract static class Call {
        private @Nullable Call next;

        public abstract void onLoop();
    }

    private final SessionLoop loop;
    private final Consumer<Throwable> onDefect;
    private final Runnable drain = this::drain;

    private volatile @Nullable Call newest;
    private static final AtomicReferenceFieldUpdater<ForeignCalls, @Nullable Call> NEWEST =
            AtomicReferenceFieldUpdater.newUpdater(ForeignCalls.class, Call.class, "newest");

    /** @param onDefect told on the loop what a call has thrown; those behind it run all the same */
    public ForeignCalls(SessionLoop loop, Consumer<Throwable> onDefect) {
        this.loop = loop;
        this.onDefect = onDefect;
    }

    /** Queues a call. Any thread; what was written before it is visible to the call. */
    public void add(Call call) {
        Call before;
        do {
            before = newest;
            call.next = before;
        } while (!NEWEST.compareAndSet(this, before, call));
        if (before == null) {
            LoopCalls.execute(loop, drain);
        }
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
