package io.weir.reactive.session;

import io.weir.core.credit.MemoryPool;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The memory that all sessions of a node share. Thread safe.
 *
 * <p>A session that could not get what its peer waits for is told when to try again, first come first served: each release
 * tells one, and that one tells the next once it has what it wanted, so that what is freed does not wake everybody.
 */
public final class NodeMemory implements MemoryPool {

    private final long maxBytes;
    private final AtomicLong reserved = new AtomicLong();
    private final Queue<BooleanSupplier> waiting = new ConcurrentLinkedQueue<>();

    /** A pool of so many bytes. */
    public NodeMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean tryReserve(long bytes) {
        long before;
        do {
            before = reserved.get();
            if (bytes > maxBytes - before) {
                return false;
            }
        } while (!reserved.compareAndSet(before, before + bytes));
        return true;
    }

    @Override
    public void release(long bytes) {
        reserved.addAndGet(-bytes);
        if (bytes > 0) {
            tellNext();
        }
    }

    /**
     * Calls once when memory has been released, on whichever thread did that; false means that nobody is there to try
     * again. Each session waits at most once at a time, which bounds the queue; one that has what it wanted calls {@link
     * #tellNext}.
     */
    void whenFreed(BooleanSupplier tell) {
        waiting.add(tell);
    }

    /** Lets the next in the queue try. */
    void tellNext() {
        BooleanSupplier next = waiting.poll();
        while (next != null && !next.getAsBoolean()) {
            next = waiting.poll();
        }
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
