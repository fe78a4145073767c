package io.weir.reactive.session.loop;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a node's threads lend to the sessions that run on them. A session needs it only while it says or hears something: a
 * thousand idle sessions of one loop hold none.
 *
 * <p>Borrowed and given back by the same thread, within one call. That call may run user code, which may make another session of
 * the thread say or hear something meanwhile: that one borrows another.
 */
public final class Lent<T> {

    /** More than one is needed only where one is borrowed while another is. */
    private static final int MOST_KEPT = 2;

    private final ThreadLocal<ArrayDeque<T>> free = ThreadLocal.withInitial(() -> new ArrayDeque<>(MOST_KEPT));

    /** With nothing to lend yet. */
    public Lent() {}

    /** One that was given back to this thread; null if the borrower has to make one. */
    public @Nullable T borrow() {
        return free.get().pollLast();
    }

    /** Nobody uses it any more. */
    public void giveBack(T one) {
        ArrayDeque<T> kept = free.get();
        if (kept.size() < MOST_KEPT) {
            kept.addLast(one);
        }
    }

    /** Gives up what this thread keeps. */
    public void clear() {
        free.get().clear();
    }
}
