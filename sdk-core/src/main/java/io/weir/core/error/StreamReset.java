package io.weir.core.error;

/**
 * The sending half of a stream ended other than well, and {@code receive} fails with this: after the last element when the
 * peer's publisher, codec or handler failed; at once, what was not delivered discarded, when the half was reset.
 */
public final class StreamReset extends WeirException {

    private static final long serialVersionUID = 1L;

    public StreamReset(CloseReason reason) {
        super("stream reset", reason, null);
    }

    public StreamReset(CloseReason reason, Throwable cause) {
        super("stream reset", reason, cause);
    }
}
