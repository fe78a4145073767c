package io.weir.reactive.transport;

import io.weir.core.error.Legal;
import java.time.Duration;

/**
 * When the system asks a peer that is silent whether it is there (RFC 9293 section 3.8.4). What a system has no such setting for
 * keeps the system's own.
 *
 * @param idle how long nothing has come before it asks, 1 s to 32,767 s; a part of a second counts as a whole one
 * @param interval how long it waits for an answer before it asks again, 1 s to 32,767 s; a part of a second counts as a whole one
 * @param probes how often it asks in vain before it gives up the connection, 1 to 127
 */
public record TcpKeepAlive(Duration idle, Duration interval, int probes) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    // Linux: MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL, MAX_TCP_KEEPCNT.
    private static final Duration LONGEST = Duration.ofSeconds(32_767);
    private static final int MOST_PROBES = 127;

    public TcpKeepAlive {
        Legal.range("idle", idle, SHORTEST, LONGEST);
        Legal.range("interval", interval, SHORTEST, LONGEST);
        Legal.range("probes", probes, 1, MOST_PROBES);
    }
}
