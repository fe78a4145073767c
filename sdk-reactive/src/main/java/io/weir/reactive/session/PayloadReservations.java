package io.weir.reactive.session;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The node's queue of payloads larger than their stream's window: each waits, first come first served, until its whole
 * total can be reserved. Thread safe; a serialised drain grants, so nobody overtakes. The first of them waits for the node's
 * memory as the sessions do.
 */
public final class PayloadReservations implements NodeMemory.Waiter {

    private final NodeMemory memory;
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger draining = new AtomicInteger();
    private volatile boolean told;
    private boolean waitsForMemory; // this and the next: touched by the drain only
    private @Nullable Request head;

    /** Reserves from this pool. */
    public PayloadReservations(NodeMemory memory) {
        this.memory = memory;
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
    }

    /**
     * Queues a payload.
     *
     * @param granted run once when the bytes are reserved, on whichever thread freed them; whoever gave it releases the
     *     bytes later through {@link #release}, also if it no longer wants them
     */
    Request reserve(long bytes, Runnable granted) {
        Request request = new Request(bytes, granted);
        waiting.offer(request);
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
        memory.release(bytes);
        drain();
    }

    /** Memory may have become free elsewhere. */
    public void drain() {
        if (draining.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            grantInOrder();
            missed = draining.addAndGet(-missed);
        } while (missed != 0);
    }

    @Override
    public boolean tell() {
        told = true;
        drain();
        return false;
    }

    private boolean tryReserve(long bytes) {
        boolean reserved = memory.tryReserve(bytes);
        if (!reserved && !waitsForMemory) {
            waitsForMemory = true;
            memory.whenFreed(this);
            reserved = memory.tryReserve(bytes);
        }
        return reserved;
    }

    private void grantInOrder() {
        if (told) {
            told = false;
            waitsForMemory = false;
        }
        while (true) {
            Request next = head != null ? head : waiting.poll();
            head = next;
            if (next == null) {
                return;
            }
            if (!next.settled.get()) {
                if (!tryReserve(next.bytes)) {
                    return;
                }
                if (next.settled.compareAndSet(false, true)) {
                    next.granted.run();
                } else {
                    memory.release(next.bytes);
                }
            }
            head = null;
        }
    }
}
