package io.weir.reactive;

/** What became of a {@link PeerStream#trySend}. */
public enum TrySend {
    /** Accepted: it will be sent unless the stream or the session ends first. */
    OK,
    /**
     * No credit now, or too much waits here to be sent: nothing was queued. {@link PeerStream#sendable} tells when to try
     * again.
     */
    BACKPRESSURE,
    /** The sending half or its session has ended, for {@link PeerStream#closeReason}: nothing was queued. */
    NOT_CONNECTED
}
