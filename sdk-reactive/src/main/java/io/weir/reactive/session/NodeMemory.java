package io.weir.reactive.session;

import io.weir.core.credit.MemoryPool;
import java.util.concurrent.atomic.AtomicLong;

/** The memory that all sessions of a node share. Thread safe. */
public final class NodeMemory implements MemoryPool {

    private final long maxBytes;
    private final AtomicLong reserved = new AtomicLong();

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
    }

    @Override
    public long available() {
        return maxBytes - reserved.get();
    }

    /** Bytes reserved now. */
    public long reserved() {
        return reserved.get();
    }

    /** Bytes that can be reserved in all. */
    public long maxBytes() {
        return maxBytes;
    }
}
