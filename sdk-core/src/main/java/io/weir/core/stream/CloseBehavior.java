package io.weir.core.stream;

/** What closing a stream's handle does with elements that the peer's subscriber has not taken yet. */
public enum CloseBehavior {
    /** Ends when the peer has consumed everything, or resets the stream when the drain time-out has passed. */
    DRAIN_THEN_CLOSE,
    /** Resets the stream at once. */
    DROP_AND_CLOSE
}
