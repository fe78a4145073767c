package io.weir.core.handshake;

/** How far a connection is that has not led to a session yet. */
public enum HandshakeStage {
    /** Waits for the beginning of what the peer has to say next: its first bytes, the length of a message, or HELLO. */
    READING_HEADER,
    /** Waits for the rest of a message whose length is known. */
    READING_BODY,
    /** The peer has proved who it is, and waits for this side: for admission, or for another connection of the same peer. */
    PROCESSING,
    /** This side has something to say that the link does not take. */
    WRITING
}
