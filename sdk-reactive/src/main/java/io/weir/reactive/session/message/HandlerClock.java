package io.weir.reactive.session.message;

import io.weir.reactive.session.loop.SessionContext;

/**
 * When handlers are called and return. Reading the clock takes as long as much of a request does. So the handlers that are called
 * one after the other, and end within their call, share two readings: one before the first, one behind the last. Each of them is
 * told to have taken the mean, and to have waited for those before it; the sum is right. Up to {@value #MOST_CALLS} share them once
 * {@value #WARY_CALLS} in a row took less than {@value #SHORT_NANOS} ns; as soon as the mean is longer, each is timed for itself
 * again. So readings cost at most a few per cent of what they time, and slow handlers among quick ones are told apart.
 *
 * <p>Loop-confined.
 */
final class HandlerClock {

    static final int MOST_CALLS = 32;
    static final int WARY_CALLS = 64;
    static final long SHORT_NANOS = 1_000;

    private final SessionContext session;
    private int called;
    private int shortCalls; // in a row
    private boolean calling;
    private long cameNanos;
    private long begunNanos;
    private long queuedNanos;
    private long meanNanos; // of those before

    HandlerClock(SessionContext session) {
        this.session = session;
    }

    /** A handler is about to be called. */
    void calls() {
        calling = true;
        if (called == 0) {
            beginCalls();
        }
        called++;
    }

    private void beginCalls() {
        cameNanos = session.tickNanos();
        begunNanos = session.nowNanos();
    }

    /** When it was, or about: others before it share the reading. */
    long calledNanos() {
        return begunNanos + (called - 1) * meanNanos;
    }

    /** The call has returned; true: {@link #end} is due. */
    boolean returned() {
        calling = false;
        return shortCalls < WARY_CALLS || called >= MOST_CALLS;
    }

    /** Reads the clock for the calls since the last time; false: there were none. */
    boolean end() {
        if (called == 0) {
            return false;
        }
        queuedNanos = Math.max(0, begunNanos - cameNanos);
        meanNanos = Math.max(0, session.nowNanos() - begunNanos) / called;
        shortCalls = meanNanos < SHORT_NANOS ? Math.min(WARY_CALLS, shortCalls + called) : 0;
        called = 0;
        if (calling) { // told in the middle of a call, which goes on
            beginCalls();
            called = 1;
        }
        return true;
    }

    /** How long the first of the calls that {@link #end} ended had waited; each of the others {@link #meanNanos} more. */
    long queuedNanos() {
        return queuedNanos;
    }

    /** How long each of them took. */
    long meanNanos() {
        return meanNanos;
    }
}
