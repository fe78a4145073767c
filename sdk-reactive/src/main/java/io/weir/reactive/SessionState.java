package io.weir.reactive;

/**
 * The life of a session.
 *
 * <pre>
 *   HANDSHAKING --> READY ----------------> CLOSING --> CLOSED
 *        |            | |                    ^            ^
 *        |            | +-----> DRAINING ----+            |
 *        |            |            |                      |
 *        +------------+------------+----------------------+   lost, refused
 * </pre>
 */
public enum SessionState {
    /** Proving identities, waiting for admission and for the peer's HELLO. */
    HANDSHAKING,
    /** Streams may be opened. */
    READY,
    /**
     * One of the sides goes away ({@link PeerSession#drain}): what was begun goes on, nothing new begins.
     */
    DRAINING,
    /** END has been queued; nothing new is accepted. */
    CLOSING,
    /** Over: {@link PeerSession#onClose()} has the reason. */
    CLOSED
}
