package io.weir.reactive.session.memory;

import io.weir.core.credit.MemoryPool;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.session.loop.SessionContext;

/** The node's memory as one session draws on it, where somebody wants to know what is promised. Loop-confined. */
final class ObservedMemory implements MemoryPool {

    private final MemoryPool memory;
    private final SessionContext session;
    private final NodeObserver observer;

    ObservedMemory(MemoryPool memory, SessionContext session, NodeObserver observer) {
        this.memory = memory;
        this.session = session;
        this.observer = observer;
    }

    @Override
    public boolean tryReserve(long bytes) {
        boolean reserved = memory.tryReserve(bytes);
        if (reserved) {
            tell(bytes);
        }
        return reserved;
    }

    @Override
    public void release(long bytes) {
        memory.release(bytes);
        tell(-bytes);
    }

    /** So much more is promised; below 0: given back. */
    void tell(long bytes) {
        if (bytes != 0) {
            observer.onMemoryPromised(session.peerSession(), bytes);
        }
    }

    @Override
    public long available() {
        return memory.available();
    }

    @Override
    public long maxBytes() {
        return memory.maxBytes();
    }
}
