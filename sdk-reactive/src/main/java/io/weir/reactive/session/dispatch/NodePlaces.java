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
 */
public final class NodePlaces {

    private final int most;
    private final AtomicInteger free;
    private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();
    private final SerialDrain giving = new SerialDrain(this::give);

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
