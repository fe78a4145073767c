package io.weir.core.error;

/**
 * The session under a stream, a message or a command is gone.
 */
public final class SessionClosedException extends WeirException {

    private static final long serialVersionUID = 1L;

    public SessionClosedException(CloseReason reason) {
        super("session closed", reason, null);
    }

    public SessionClosedException(CloseReason reason, Throwable cause) {
        super("session closed", reason, cause);
    }
}
