package io.weir.reactive.session.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.stream.StreamTable;
import io.weir.reactive.OpenStats;
import io.weir.reactive.session.loop.SessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives up streams that are idle for too long, or that the peer does not allow in time. Loop-confined. */
final class StreamDeadlines {

    private static final Logger LOG = LoggerFactory.getLogger(StreamDeadlines.class);

    /** A stream that waits to be opened is told of after the open time-out divided by this. */
    private static final int WAITS_BEFORE_TOLD = 10;

    private final SessionContext session;
    private final StreamTable table;
    private final OpenWaits openWaits;
    private volatile long opensTimedOut; // written on the loop only

    StreamDeadlines(SessionContext session, StreamTable table) {
        this.session = session;
        this.table = table;
        openWaits = new OpenWaits(session, session.limits().openTimeout(), LOG);
    }

    /** How many streams are open from here, wait for the peer to allow them, and were given up waiting. Any thread. */
    OpenStats openStats() {
        return new OpenStats(
                table.openHalves(),
                table.waitingOpens(),
                opensTimedOut,
                (int) table.peerOpens(),
                table.unclaimedStreams());
    }

    void watchIdle(LiveStream stream) {
        long timeoutNanos = stream.config().idleTimeout().toNanos();
        if (timeoutNanos > 0) {
            stream.expiry.expires(
                    session.timers().at(session.tickNanos() + timeoutNanos, () -> checkIdle(stream, timeoutNanos)));
        }
    }

    private void checkIdle(LiveStream stream, long timeoutNanos) {
        if (stream.isOver()) {
            return;
        }
        long now = session.nowNanos();
        long idleSince = stream.isIdle() ? stream.expiry.lastActivityNanos() : now;
        if (now - idleSince >= timeoutNanos) {
            stream.ends.abort(ErrorCode.IDLE_TIMEOUT);
        } else {
            stream.expiry.expires(session.timers().at(idleSince + timeoutNanos, () -> checkIdle(stream, timeoutNanos)));
        }
    }

    /** Says that a stream waits for the peer to allow it, when it has for a tenth of the time-out, and then gives it up. */
    void watchOpen(LiveStream stream) {
        long now = session.nowNanos();
        long timeoutNanos = session.limits().openTimeout().toNanos();
        stream.expiry.opensBy(session.timers().at(now + timeoutNanos / WAITS_BEFORE_TOLD, () -> {
            if (stream.waitsToOpen()) {
                openWaits.tell(stream, openStats());
                stream.expiry.opensBy(session.timers().at(now + timeoutNanos, () -> onOpenTimeout(stream)));
            }
        }));
    }

    private void onOpenTimeout(LiveStream stream) {
        if (stream.waitsToOpen()) {
            opensTimedOut++;
            stream.ends.abort(ErrorCode.STREAM_LIMIT);
        }
    }
}
