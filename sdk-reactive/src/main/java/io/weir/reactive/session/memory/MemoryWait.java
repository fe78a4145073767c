package io.weir.reactive.session.memory;

import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeObserver.MemoryOf;
import io.weir.reactive.session.loop.SessionContext;
import java.util.concurrent.RejectedExecutionException;

/** One session's place in the queue for the node's memory. Loop-confined but for what {@link NodeMemory} calls. */
final class MemoryWait implements NodeMemory.Waiter {

    private final NodeMemory memory;
    private final SessionContext session;
    private final MemoryOf what;
    private final Runnable retry;
    private boolean waiting;
    private long sinceNanos; // where it is observed

    /**
     * @param what whose memory it is
     * @param retry tries again what has failed, before it returns; calls {@link #begin}, from inside, if it still fails. Does
     *     nothing once the session has ended
     */
    MemoryWait(NodeMemory memory, SessionContext session, MemoryOf what, Runnable retry) {
        this.memory = memory;
        this.session = session;
        this.what = what;
        this.retry = retry;
    }

    /** Something of this session waits for memory. */
    void begin() {
        if (!waiting) {
            waiting = true;
            if (session.observer() != null) {
                sinceNanos = session.nowNanos();
            }
            memory.whenFreed(this);
            session.execute(retry); // memory may have been freed before this session stood in the queue
        }
    }

    /** The session has ended: it stands in nobody's way. */
    void end() {
        if (waiting) {
            memory.forget(this);
        }
    }

    @Override
    public boolean tell() {
        try {
            session.loop().execute(this::freed);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // with its loop the session has ended
        }
    }

    private void freed() {
        waiting = false;
        NodeObserver observer = session.observer();
        if (observer != null) {
            observer.onMemoryWaited(session.peerSession(), what, session.nowNanos() - sinceNanos);
        }
        try {
            retry.run();
        } finally {
            memory.tellNext();
        }
    }
}
