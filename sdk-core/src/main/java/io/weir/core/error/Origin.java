package io.weir.core.error;

/** Which side decided that something ends. */
public enum Origin {
    /** This node. */
    LOCAL,
    /** The peer: the code is the number that it sent. */
    REMOTE
}
