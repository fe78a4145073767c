package io.weir.reactive.session.message;

import io.weir.reactive.session.loop.SessionContext;

/**
 * When a request came and its handler began and ended, where that took longer than its call; in ns of the loop's clock. Made on
 * the loop; {@link #onEntered} and {@link #onEnded} on the thread that does the work.
 */
final class HandlingTimes {

    private final long cameNanos;
    private volatile long beganNanos;
    private long endedNanos; // written before the end crosses to the loop
    private boolean ended;

    /** @param beganNanos of the thread that calls the handler; another one may take it up later */
    HandlingTimes(long cameNanos, long beganNanos) {
        this.cameNanos = cameNanos;
        this.beganNanos = beganNanos;
    }

    /** A thread of a scheduler takes the handler's work up. */
    void onEntered(long nowNanos) {
        beganNanos = nowNanos;
    }

    void onEnded(long nowNanos) {
        endedNanos = nowNanos;
        ended = true;
    }

    long queueNanos() {
        return Math.max(0, beganNanos - cameNanos);
    }

    /** Until the end, or until now, if it is given up. Loop only. */
    long serviceNanos(SessionContext session) {
        return Math.max(0, (ended ? endedNanos : session.nowNanos()) - beganNanos);
    }
}
