package io.weir.core.error;

/** The part of the system in which a failure arose, from the cable up. */
public enum Layer {
    /** The link below the session: sockets, names, ports, silence. */
    TRANSPORT,
    /** Proof of identity and agreement on keys, up to and including admission. */
    HANDSHAKE,
    /** The encrypted association with one peer. */
    SESSION,
    /** One half of one stream. */
    STREAM,
    /** One request, reply or one-way message. */
    MESSAGE,
    /** Code that uses Weir: a publisher, a subscriber, a handler. */
    APPLICATION
}
