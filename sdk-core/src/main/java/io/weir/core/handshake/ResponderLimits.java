package io.weir.core.handshake;

import io.weir.core.error.Legal;

/**
 * What a node keeps for handshakes over datagrams that others begin. Half-open is one whose message 1 has come and message 3 not.
 *
 * @param maxHalfOpen half-open handshakes at a time, 1 to 1,000,000. Beyond it an initiator whose address is proved is told
 *     TOO_MANY_HANDSHAKES
 * @param cookieThreshold with so many half-open, 0 to {@code maxHalfOpen}, each further one needs a cookie before any key is
 *     agreed. Those above it can only be of proved addresses, so that a flood from false ones leaves their places free
 * @param maxPerNetwork half-open handshakes of one source whose address is proved, 1 to {@code maxHalfOpen}: an IPv4 address, or
 *     the first 64 bits of an IPv6 one. Beyond it an initiator is told TOO_MANY_HANDSHAKES too
 * @param maxPerSecond handshakes of one source that are completed each second, and as many at once, 1 to 1,000,000. Who is above it
 *     is asked for a cookie, and told TOO_MANY_CONNECTS with it, before any key is agreed
 * @param timeoutNanos how long one may stay half-open, 1 to 600 s
 */
public record ResponderLimits(
        int maxHalfOpen, int cookieThreshold, int maxPerNetwork, int maxPerSecond, long timeoutNanos) {
    private static final int MOST = 1_000_000;
    private static final long SECOND = 1_000_000_000L;
    private static final long LONGEST_NANOS = 600 * SECOND;

    public ResponderLimits {
        Legal.range("maxHalfOpen", maxHalfOpen, 1, MOST);
        Legal.range("cookieThreshold", cookieThreshold, 0, maxHalfOpen);
        Legal.range("maxPerNetwork", maxPerNetwork, 1, maxHalfOpen);
        Legal.range("maxPerSecond", maxPerSecond, 1, MOST);
        Legal.range("timeoutNanos", timeoutNanos, SECOND, LONGEST_NANOS);
    }

    /** 1,024 half-open, cookies from the 64th on, 256 of one source, 500 of one a second, 10 s. */
    public static ResponderLimits defaults() {
        return new ResponderLimits(1_024, 64, 256, 500, 10 * SECOND);
    }
}
