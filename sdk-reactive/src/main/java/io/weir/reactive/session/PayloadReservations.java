package io.weir.reactive.session;

import io.weir.core.credit.MemoryPool;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The node's queue of payloads larger than their stream's window: each waits, first come first served, until its whole
 * total can be reserved. Thread safe; a serialised drain grants, so nobody overtakes.
 */
public final class PayloadReservations {

    private final MemoryPool memory;
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger draining = new AtomicInteger();
    private @Nullable Request head; // touched by the drain only

    /** Reserves from this pool. */
    public PayloadReservations(MemoryPool memory) {
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

    private void grantInOrder() {
        while (true) {
            Request next = head != null ? head : waiting.poll();
            head = next;
            if (next == null) {
                return;
            }
            if (!next.settled.get()) {
                if (!memory.tryReserve(next.bytes)) {
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
