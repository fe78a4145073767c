package io.weir.reactive.session;

import io.weir.reactive.transport.SessionLoop;

/** The time of a session's loop, read once for each record or timer. Loop-confined. */
final class SessionClock {

    private final SessionLoop loop;
    private long tickNanos;

    SessionClock(SessionLoop loop) {
        this.loop = loop;
        tickNanos = loop.nowNanos();
    }

    /** A record or timer begins. */
    long tick() {
        tickNanos = loop.nowNanos();
        return tickNanos;
    }

    /** The time of the current record or timer. */
    long tickNanos() {
        return tickNanos;
    }
}
