package io.weir.core.path;

/** What the proof of a peer's new address means for the path. */
public enum PathMove {
    /** Nothing was proved. */
    NONE,
    /** Only the port is new, as when a NAT forgets its mapping: the path is the same, and so is what is known of it. */
    NEW_PORT,
    /** The IP address is new: window, round-trip time and MTU begin anew (RFC 9000 section 9.4). */
    NEW_IP;

    /** From one address to another. */
    static PathMove between(PathAddress from, PathAddress to) {
        return from.ip().equals(to.ip()) ? NEW_PORT : NEW_IP;
    }
}
