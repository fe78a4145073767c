package io.weir.reactive.session.packet;

import io.weir.reactive.transport.SessionLoop;

/**
 * The time as a carrier of packets reads it. Reading the clock takes a few per cent of what a packet does, and is done in several places for each:
 * so packets that come or go out together share a reading, up to {@value #MOST_USES} times that somebody asks; behind that it is
 * read anew, so that it never lags by more than what so many packets take. Loop-confined.
 */
final class PacketClock {

    static final int MOST_USES = 32;

    private final SessionLoop loop;
    private long nanos;
    private int usesLeft; // 0: there is no batch

    PacketClock(SessionLoop loop) {
        this.loop = loop;
    }

    /** Packets are dealt with together from here on. */
    long begin() {
        usesLeft = MOST_USES;
        nanos = loop.nowNanos();
        return nanos;
    }

    /** What comes now tells how long something took: the reading is to be no older than that. */
    void renew() {
        if (usesLeft > 0) {
            begin();
        }
    }

    /** They have been. */
    void end() {
        usesLeft = 0;
    }

    /** The reading that a batch shares, or else the time now. */
    long nowNanos() {
        if (usesLeft == 0) {
            return loop.nowNanos();
        }
        usesLeft--;
        return usesLeft == 0 ? begin() : nanos;
    }
}
