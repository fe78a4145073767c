package io.weir.reactive.transport;

import java.time.Duration;
import java.util.Objects;

/**
 * When the system asks a peer that is silent whether it is there (RFC 9293 section 3.8.4). What a system has no such setting for
 * keeps the system's own.
 *
 * @param idle how long nothing has come before it asks, 1 s to 32,767 s; a part of a second counts as a whole one
 * @param interval how long it waits for an answer before it asks again, 1 s to 32,767 s; a part of a second counts as a whole one
 * @param probes how often it asks in vain before it gives up the connection, 1 to 127
 */
public record TcpKeepAlive(Duration idle, Duration interval, int probes) {

    // Linux: MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL, MAX_TCP_KEEPCNT.
    private static final int MOST_SECONDS = 32_767;
    private static final int MOST_PROBES = 127;

    public TcpKeepAlive {
        requireRange("idle", idle);
        requireRange("interval", interval);
        if (probes < 1 || probes > MOST_PROBES) {
            throw new IllegalArgumentException("probes is " + probes + "; legal: 1 to " + MOST_PROBES);
        }
    }

    private static void requireRange(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofSeconds(MOST_SECONDS)) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; legal: PT1S to PT" + MOST_SECONDS + "S");
        }
    }
}
