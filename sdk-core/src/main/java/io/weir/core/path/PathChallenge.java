package io.weir.core.path;

/**
 * A PING to send to an address that is not proved yet.
 *
 * @param to where to
 * @param token of the PING
 * @param datagramBytes how large to make the datagram with PADDING: 1,200, so that the path is proved to carry it, or what may
 *     be sent there if that is less (RFC 9000 section 8.2.1); the datagram may be larger where the PING does not fit
 */
public record PathChallenge(PathAddress to, long token, int datagramBytes) {}
