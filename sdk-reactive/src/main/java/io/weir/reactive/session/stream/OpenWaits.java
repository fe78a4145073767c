package io.weir.reactive.session.stream;

import io.weir.reactive.OpenStats;
import io.weir.reactive.session.loop.SessionContext;
import java.time.Duration;
import org.slf4j.Logger;

/**
 * Tells the log that streams of a session wait for the peer to allow them: of the first, and then once a minute at most,
 * for as many may wait as a program likes. Loop-confined.
 */
final class OpenWaits {

    private static final long TOLD_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    private final SessionContext session;
    private final Duration openTimeout;
    private final Logger log;
    private boolean told;
    private long toldNanos;

    OpenWaits(SessionContext session, Duration openTimeout, Logger log) {
        this.session = session;
        this.openTimeout = openTimeout;
        this.log = log;
    }

    /** This one waits, and so many others are open or wait. */
    void tell(LiveStream stream, OpenStats opens) {
        long now = session.nowNanos();
        if (told && now - toldNanos < TOLD_AGAIN_NANOS) {
            return;
        }
        told = true;
        toldNanos = now;
        log.warn(
                "Stream {} \"{}\" of {} waits for the peer to allow another one: {} are open from here, {} wait. Those"
                        + " that have waited for {} (NodeLimits.openTimeout) fail with STREAM_LIMIT; the peer's limit is"
                        + " its NodeLimits.maxStreams, or its memory",
                stream.id,
                stream.open().name(),
                session,
                opens.open(),
                opens.waiting(),
                openTimeout);
    }
}
