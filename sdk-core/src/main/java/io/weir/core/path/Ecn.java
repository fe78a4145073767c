package io.weir.core.path;

/** How a datagram is marked for Explicit Congestion Notification: two bits of the IP header (RFC 3168 section 5). */
public enum Ecn {
    /** Its sender takes no part. */
    NOT_ECT,
    /** ECT(1), which Weir never sends. */
    ECT_1,
    /** ECT(0): whoever would drop it for congestion may mark it in place of that. */
    ECT_0,
    /** Congestion was experienced on the way. */
    CE;

    private static final Ecn[] BY_BITS = values();

    /** The mark in the lowest two bits. */
    public static Ecn of(int bits) {
        return BY_BITS[bits & 3];
    }
}
