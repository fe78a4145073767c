package io.weir.reactive.transport;

/** Which lane frames have come in; see {@link Lanes}. */
public enum Lane {
    /** All of them, merged into one. */
    MERGED,
    /** The one of everything but elements and messages. */
    CONTROL,
    /** One of a half. */
    HALF,
    /** One of a message. */
    MESSAGE,
    /** What may be lost: whole elements of fire-and-forget halves, each with its place. */
    DATAGRAM
}
