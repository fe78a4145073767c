package io.weir.reactive.session.dispatch;

import io.weir.reactive.dispatch.Handling;
import io.weir.reactive.session.loop.TimeLimits;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Those that use one place: the call that it was taken for, and each thread that works for it elsewhere. It is free when the last
 * has left, and nobody enters after that.
 */
abstract class PlaceUsers extends TimeLimits.Timed implements Handling {

    private static final int FREE = -1;

    /** Users beside the first, so that making one writes nothing; {@link #FREE} when all have left. */
    private volatile int others;

    private static final AtomicIntegerFieldUpdater<PlaceUsers> OTHERS =
            AtomicIntegerFieldUpdater.newUpdater(PlaceUsers.class, "others");

    /** The last has left. Once, on any thread. */
    protected abstract void onFree();

    /** The place was given back before. Before anybody else knows of this. */
    final void hasLeft() {
        others = FREE;
    }

    @Override
    public boolean enter() {
        return OTHERS.getAndUpdate(this, n -> n == FREE ? FREE : n + 1) != FREE;
    }

    @Override
    public final void leave() {
        if (OTHERS.decrementAndGet(this) == FREE) {
            onFree();
        }
    }
}
