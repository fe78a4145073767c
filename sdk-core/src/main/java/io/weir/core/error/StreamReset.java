package io.weir.core.error;

/**
 * The sending half of a stream was reset: what was not delivered yet is discarded, and {@code receive} fails
 * with this.
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
