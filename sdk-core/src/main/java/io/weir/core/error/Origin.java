package io.weir.core.error;

/** Which side decided that something ends. */
public enum Origin {
    /** This node. */
    LOCAL,
    /** The peer, which has proved who it is: the code is the number that it sent. */
    REMOTE,
    /**
     * Whoever answered, in the clear, before anybody had proved anything: the peer, or somebody in its place. The code is the
     * number that was sent, and no more than a hint.
     */
    UNPROVEN
}
