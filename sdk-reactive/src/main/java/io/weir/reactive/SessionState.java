package io.weir.reactive;

/**
 * The life of a session.
 *
 * <pre>
 *   HANDSHAKING --> READY --> CLOSING --> CLOSED
 *        |            |                     ^
 *        +------------+---------------------+   lost, refused
 * </pre>
 */
public enum SessionState {
    /** Proving identities, waiting for admission and for the peer's HELLO. */
    HANDSHAKING,
    /** Streams may be opened. */
    READY,
    /** END has been queued; nothing new is accepted. */
    CLOSING,
    /** Over: {@link PeerSession#onClose()} has the reason. */
    CLOSED
}
