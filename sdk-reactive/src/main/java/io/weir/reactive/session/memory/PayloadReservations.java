package io.weir.reactive.session.memory;

import io.weir.core.credit.PayloadQueue;
import io.weir.reactive.serial.SerialDrain;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The node's queue of payloads larger than their stream's window: hosts {@link PayloadQueue}. All of them together have at
 * most half of the node's memory. Thread safe; a serialised drain grants, so the order is the queue's. Those that wait do so
 * for the node's memory as the sessions do.
 */
public final class PayloadReservations implements NodeMemory.Waiter {

    private final NodeMemory memory;
    private final Queue<Request> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicLong released = new AtomicLong();
    private final SerialDrain granting = new SerialDrain(this::grant);
    private volatile boolean told;
    private volatile boolean othersWait;
    private final PayloadQueue<Request> queue; // this and the next: touched by the drain only
    private boolean waitsForMemory;

    /** Reserves from this pool. */
    public PayloadReservations(NodeMemory memory) {
        this.memory = memory;
        queue = new PayloadQueue<>(memory.maxBytes() / 2);
    }

    /** One payload that waits; cancelling it lets the next one through. */
    static final class Request {
        private final long bytes;
        private final Runnable granted;
        /** Granted or cancelled, whichever came first. */
        private final AtomicBoolean settled = new AtomicBoolean();

        private Request(long bytes, Runnable granted) {
            this.bytes = bytes;
            this.granted = granted;
        }

        private boolean isWanted() {
            return !settled.get();
        }
    }

    /**
     * Queues a payload.
     *
     * @param granted run once when the bytes are reserved, on whichever thread freed them; whoever gave it releases the
     *     bytes later through {@link #release}, also if it no longer wants them
     */
    Request reserve(long bytes, Runnable granted) {
        Request request = new Request(bytes, granted);
        arrived.offer(request);
        drain();
        return request;
    }

    /** No longer wanted; false, and nothing done, if it was granted before. */
    boolean cancel(Request request) {
        boolean cancelled = request.settled.compareAndSet(false, true);
        if (cancelled) {
            drain();
        }
        return cancelled;
    }

    /** Gives bytes back. */
    void release(long bytes) {
        released.addAndGet(bytes);
        memory.release(bytes);
        drain();
    }

    /** Whether anybody waits here: what is reserved must be used, or it is taken away. */
    boolean othersWait() {
        return othersWait;
    }

    /** Memory may have become free elsewhere. */
    public void drain() {
        granting.drain();
    }

    @Override
    public boolean tell() {
        told = true;
        drain();
        return false;
    }

    private void grant() {
        if (told) {
            told = false;
            waitsForMemory = false;
        }
        queue.released(released.getAndSet(0));
        for (Request next = arrived.poll(); next != null; next = arrived.poll()) {
            queue.add(next, next.bytes);
        }
        grantThoseThatFit();
        if (queue.isWaiting() && !waitsForMemory) {
            waitsForMemory = true;
            memory.whenFreed(this);
            grantThoseThatFit(); // some may have been freed before this stood in the line
        }
        othersWait = queue.isWaiting();
    }

    private void grantThoseThatFit() {
        for (Request next = next(); next != null; next = next()) {
            if (next.settled.compareAndSet(false, true)) {
                next.granted.run();
            } else {
                queue.released(next.bytes);
                memory.release(next.bytes);
            }
        }
    }

    private @Nullable Request next() {
        return queue.next(memory, Request::isWanted);
    }
}
