package io.weir.reactive.session.loop;

import io.weir.reactive.transport.Carrier;

/** The time of a session's loop, read once for each record or timer. Loop-confined. */
public final class SessionClock {

    private final Carrier carrier;
    private long tickNanos;
    private boolean inTurn;

    public SessionClock(Carrier carrier) {
        this.carrier = carrier;
        tickNanos = carrier.nowNanos();
    }

    /** A record or timer begins. */
    public long tick() {
        tickNanos = carrier.nowNanos();
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
        return inTurn ? tickNanos : carrier.nowNanos();
    }
}
