package io.weir.core.error;

/**
 * The receiving half of a stream wants no more: {@code send} fails with this, and its publisher is cancelled.
 */
public final class StreamStopped extends WeirException {

    private static final long serialVersionUID = 1L;

    public StreamStopped(CloseReason reason) {
        super("stream stopped", reason, null);
    }

    public StreamStopped(CloseReason reason, Throwable cause) {
        super("stream stopped", reason, cause);
    }
}
