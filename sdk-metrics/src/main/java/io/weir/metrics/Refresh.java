package io.weir.metrics;

import java.util.concurrent.atomic.AtomicBoolean;

/** Sums up when something is read, at most once in 10 ms however much is read, and by one thread at a time. Any thread. */
final class Refresh {

    private static final long FRESH_NANOS = 10_000_000;

    private final Registered registered;
    private final Runnable sumUp;
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile long refreshedNanos;

    Refresh(Registered registered, Runnable sumUp) {
        this.registered = registered;
        this.sumUp = sumUp;
        refreshedNanos = registered.nowNanos() - FRESH_NANOS;
    }

    /** Sums up, unless that was just now, or another thread does. */
    void run() {
        long now = registered.nowNanos();
        if (now - refreshedNanos < FRESH_NANOS || !refreshing.compareAndSet(false, true)) {
            return;
        }
        try {
            sumUp.run();
            refreshedNanos = registered.nowNanos();
        } finally {
            refreshing.set(false);
        }
    }
}
