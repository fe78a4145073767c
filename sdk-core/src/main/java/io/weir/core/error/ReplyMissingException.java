package io.weir.core.error;

/**
 * A request has no reply and will get none: the peer answered with an error, the request was refused here, timed out or
 * was cancelled, or the session ended. The reason tells which.
 */
public final class ReplyMissingException extends WeirException {

    private static final long serialVersionUID = 1L;

    public ReplyMissingException(CloseReason reason) {
        super("no reply", reason, null);
    }

    public ReplyMissingException(CloseReason reason, Throwable cause) {
        super("no reply", reason, cause);
    }
}
