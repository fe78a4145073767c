package io.weir.reactive.session.memory;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * What {@code trySend} has queued of one half: booked at its session and node, at most a quarter of the session's. Its end
 * gives back everything at once, also what another thread books at that moment.
 *
 * <p>Threads: any.
 */
public final class OfferMemory {

    private static final long ENDED = -1;

    private final SendMemory memory;

    private volatile long booked;
    private static final AtomicLongFieldUpdater<OfferMemory> BOOKED =
            AtomicLongFieldUpdater.newUpdater(OfferMemory.class, "booked");

    public OfferMemory(SendMemory memory) {
        this.memory = memory;
    }

    /** Books an element. False if there is no room for it, or this has ended. One is taken where nothing is booked. */
    public boolean tryBook(long bytes) {
        long before = booked;
        if (!fits(bytes, before) || !memory.tryBook(bytes)) {
            return false;
        }
        while (!BOOKED.compareAndSet(this, before, before + bytes)) {
            before = booked;
            if (!fits(bytes, before)) {
                memory.release(bytes);
                return false;
            }
        }
        return true;
    }

    /** Whether {@link #tryBook} would find room now. */
    public boolean hasRoom(long bytes) {
        return fits(bytes, booked) && memory.couldBook(bytes);
    }

    private boolean fits(long bytes, long before) {
        return before == 0 || before != ENDED && bytes <= memory.mostOfHalf() - before;
    }

    /** So much was written, or is not queued after all. After the end nothing is left to give back. */
    public void release(long bytes) {
        long before;
        do {
            before = booked;
            if (before == ENDED) {
                return;
            }
        } while (!BOOKED.compareAndSet(this, before, before - bytes));
        memory.release(bytes);
    }

    /** Nothing more is queued, and what was is forgotten. Idempotent. */
    public void end() {
        long before = BOOKED.getAndSet(this, ENDED);
        if (before > 0) {
            memory.release(before);
        }
    }
}
