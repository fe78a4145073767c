package io.weir.reactive.session.dispatch;

import io.weir.reactive.serial.SerialDrain;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The places that all sessions of a node share for messages of their peers that are being handled. Thread safe.
 *
 * <p>One that is free goes to who asks, unless others wait: those are given theirs in the order in which they began to wait,
 * one each, and whoever wants more stands at the end again. So nobody who waits is passed over, however fast the others are.
 *
 * <p>It also knows how many of the places that sessions have of their own are in use though their session has ended. As long as
 * these are as many as all that are shared, a session that begins gets none of its own: else whoever comes and goes would leave
 * handlers behind without end.
 */
public final class NodePlaces {

    private final int most;
    private final AtomicInteger free;
    private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();
    private final SerialDrain giving = new SerialDrain(this::give);

    /** Own places of sessions that have ended. */
    private final AtomicInteger leftBehind = new AtomicInteger();

    /** Told once when there may be own places again; each at most once, which bounds it by the sessions. */
    private final Queue<Runnable> withoutOwn = new ConcurrentLinkedQueue<>();

    /** Somebody who waits for a place. */
    interface Waiter {
        /**
         * A place is this one's now, to be given back by {@link NodePlaces#release}. On any thread.
         *
         * @return false if nobody is there to take it
         */
        boolean give();
    }

    /** @param most places in all */
    public NodePlaces(int most) {
        this.most = most;
        free = new AtomicInteger(most);
    }

    /** Takes a place, if one is free and nobody waits for it. */
    boolean tryTake() {
        return waiting.isEmpty() && takeFree();
    }

    /** Gives this one a place when its turn comes. Each waits at most once at a time, which bounds the queue. */
    void await(Waiter waiter) {
        waiting.add(waiter);
        giving.drain(); // one may have been released before this one stood here
    }

    /** This one waits no more; false if it has been given a place. */
    boolean forget(Waiter waiter) {
        return waiting.remove(waiter);
    }

    void release() {
        free.incrementAndGet();
        if (!waiting.isEmpty()) {
            giving.drain();
        }
    }

    /** Whether a session may have places of its own that has none yet. */
    boolean grantsOwn() {
        return leftBehind.get() < most;
    }

    /** Tells when {@link #grantsOwn} may be true, at once if it is; on any thread. */
    void awaitOwn(Runnable told) {
        withoutOwn.add(told);
        if (grantsOwn()) {
            tellOfOwn(); // one may have ended before this one stood here
        }
    }

    /** This one is not to be told any more. */
    void forgetOwn(Runnable told) {
        withoutOwn.remove(told);
    }

    /** A session has ended, and so many of its own places are in use. */
    void leaveBehind(int own) {
        leftBehind.addAndGet(own);
    }

    /** One of those is not in use any more. */
    void releaseLeftBehind() {
        if (leftBehind.getAndDecrement() == most) {
            tellOfOwn();
        }
    }

    private void tellOfOwn() {
        for (Runnable told = withoutOwn.poll(); told != null; told = withoutOwn.poll()) {
            told.run();
        }
    }

    int most() {
        return most;
    }

    /** Places that nobody has. */
    int free() {
        return free.get();
    }

    /** Serialised: gives what is free to those who wait, in order. */
    private void give() {
        while (!waiting.isEmpty() && takeFree()) {
            Waiter first = waiting.poll();
            if (first == null || !first.give()) {
                free.incrementAndGet();
            }
        }
    }

    private boolean takeFree() {
        return free.getAndUpdate(n -> n > 0 ? n - 1 : 0) > 0;
    }
}
