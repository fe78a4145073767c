package io.weir.reactive.session.memory;

import io.weir.core.credit.MemoryPool;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all sessions of a node share. Thread safe.
 *
 * <p>A session that could not get what its peer waits for is told when to try again, first come first served. After a
 * release each that waits tries once, one after another, so that what is freed does not wake everybody at once, and one
 * that wants more than there is, or more than its session may have, keeps nobody behind it waiting.
 */
public final class NodeMemory implements MemoryPool {

    private final long maxBytes;
    private final AtomicLong reserved = new AtomicLong();
    private final Queue<Place> waiting = new ConcurrentLinkedQueue<>();

    /** Releases while anybody waited. */
    private final AtomicLong releases = new AtomicLong();

    /** One of those that waited is trying, and says so when it has. */
    private final AtomicBoolean trying = new AtomicBoolean();

    /** Somebody who could not get memory. */
    interface Waiter {
        /**
         * Try again now or soon, then call {@link NodeMemory#tellNext}, whatever came of it. On whichever thread released
         * memory, or tried before.
         *
         * @return false if this has tried already, or nobody is there to; then tellNext is not to be called
         */
        boolean tell();
    }

    /** @param round of releases in which it was taken up, and which may have come too late for its last attempt */
    private record Place(Waiter waiter, long round) {}

    /** A pool of so many bytes. */
    public NodeMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean tryReserve(long bytes) {
        return tryReserve(bytes, maxBytes);
    }

    /** Reserves if no more than {@code most} are reserved then. */
    boolean tryReserve(long bytes, long most) {
        long before;
        do {
            before = reserved.get();
            if (bytes > most - before) {
                return false;
            }
        } while (!reserved.compareAndSet(before, before + bytes));
        return true;
    }

    /** Reserves what is held whether there is room for it or not. */
    void reserve(long bytes) {
        reserved.addAndGet(bytes);
    }

    @Override
    public void release(long bytes) {
        reserved.addAndGet(-bytes);
        if (bytes > 0 && !waiting.isEmpty()) {
            releases.incrementAndGet();
            tellFirst();
        }
    }

    /**
     * Tells this one when memory has been released. Each waits at most once at a time, which bounds the queue, and tries
     * again once it stands here: memory may have been released before.
     */
    void whenFreed(Waiter waiter) {
        waiting.add(new Place(waiter, releases.get()));
    }

    /** This one waits no more. */
    void forget(Waiter waiter) {
        waiting.removeIf(place -> place.waiter == waiter);
    }

    /** The one that was told has tried. */
    void tellNext() {
        trying.set(false);
        tellFirst();
    }

    /** Lets the first try, unless it has since the last release: then everybody has. */
    private void tellFirst() {
        while (isFirstDue() && trying.compareAndSet(false, true)) {
            Place first = waiting.poll();
            if (first != null && first.waiter.tell()) {
                return;
            }
            trying.set(false);
        }
    }

    private boolean isFirstDue() {
        Place first = waiting.peek();
        return first != null && first.round < releases.get();
    }

    @Override
    public long available() {
        return maxBytes - reserved.get();
    }

    /** Bytes reserved now. */
    public long reserved() {
        return reserved.get();
    }

    @Override
    public long maxBytes() {
        return maxBytes;
    }
}
