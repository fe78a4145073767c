package io.weir.reactive.session.stream;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * When a stream is given up unless something happens: unclaimed or idle for too long, or its OPEN not written in time. Holds
 * the two timers and the time of the last activity; what they do is {@link StreamDeadlines}' business. Loop-confined.
 */
final class StreamExpiry {

    private @Nullable Disposable deadline;
    private @Nullable Disposable openDeadline;
    private long lastActivityNanos;
    private boolean over;

    /** Something was sent or received. */
    void touch(long nowNanos) {
        lastActivityNanos = nowNanos;
    }

    long lastActivityNanos() {
        return lastActivityNanos;
    }

    /** When it will be given up unless something happens: unclaimed, or idle. Replaces the one before. */
    void expires(Disposable newDeadline) {
        cancel(deadline);
        deadline = newDeadline;
        if (over) {
            cancel(newDeadline);
        }
    }

    /** What is done if its OPEN is not written by then. Replaces the one before. */
    void opensBy(Disposable newDeadline) {
        cancel(openDeadline);
        openDeadline = newDeadline;
    }

    /** OPEN has been written. */
    void onOpened() {
        Disposable waiting = openDeadline;
        if (waiting != null) {
            openDeadline = null;
            waiting.dispose();
        }
    }

    /** The stream is not used for now. */
    void cancel() {
        cancel(deadline);
        cancel(openDeadline);
    }

    /** The stream is over. */
    void end() {
        over = true;
        cancel();
    }

    private static void cancel(@Nullable Disposable old) {
        if (old != null) {
            old.dispose();
        }
    }
}
