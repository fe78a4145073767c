package io.weir.core.peer;

/** The two kinds of internet address, in the order in which a dial prefers them (RFC 8305 section 4). */
public enum AddressFamily {
    IPV6,
    IPV4;

    /** The other one. */
    AddressFamily other() {
        return this == IPV6 ? IPV4 : IPV6;
    }
}
