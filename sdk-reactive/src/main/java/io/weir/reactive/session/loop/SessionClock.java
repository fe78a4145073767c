package io.weir.reactive.session.loop;

import io.weir.reactive.transport.SessionLoop;

/** The time of a session's loop, read once for each record or timer. Loop-confined. */
public final class SessionClock {

    private final SessionLoop loop;
    private long tickNanos;
    private boolean inTurn;

    public SessionClock(SessionLoop loop) {
        this.loop = loop;
        tickNanos = loop.nowNanos();
    }

    /** A record or timer begins. */
    public long tick() {
        tickNanos = loop.nowNanos();
        return tickNanos;
    }

    /** The time of the current record or timer. */
    public long tickNanos() {
        return tickNanos;
    }

    /** What a record brought is dealt with from here on. */
    public void turnBegins() {
        inTurn = true;
    }

    /** It has been. */
    public void turnEnds() {
        inTurn = false;
    }

    /** The time of the record that is being dealt with, or else the time now. */
    public long turnNanos() {
        return inTurn ? tickNanos : loop.nowNanos();
    }
}
