package io.weir.reactive.session.dispatch;

import io.weir.reactive.dispatch.Handling;
import io.weir.reactive.session.loop.TimeLimits;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Those that use one place: the call that it was taken for, and each thread that works for it elsewhere. It is free when the last
 * has left, and nobody enters after that.
 */
abstract class PlaceUsers extends TimeLimits.Timed implements Handling {

    private volatile int users = 1;

    private static final AtomicIntegerFieldUpdater<PlaceUsers> USERS =
            AtomicIntegerFieldUpdater.newUpdater(PlaceUsers.class, "users");

    /** The last has left. Once, on any thread. */
    protected abstract void onFree();

    @Override
    public boolean enter() {
        return USERS.getAndUpdate(this, n -> n == 0 ? 0 : n + 1) > 0;
    }

    @Override
    public final void leave() {
        if (USERS.decrementAndGet(this) == 0) {
            onFree();
        }
    }
}
