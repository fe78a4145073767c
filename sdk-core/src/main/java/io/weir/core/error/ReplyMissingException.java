package io.weir.core.error;

/**
 * A request has no reply and will get none: the peer answered with an error, the request was refused here, timed out or
 * was cancelled, or the session ended. The reason tells which.
 */
public final class ReplyMissingException extends WeirException {

    private static final long serialVersionUID = 1L;

    /** Without a stack trace where the peer has decided: it would say where its answer was read, each time. */
    public ReplyMissingException(CloseReason reason) {
        super("no reply", reason, null, reason.origin() == Origin.LOCAL);
    }

    public ReplyMissingException(CloseReason reason, Throwable cause) {
        super("no reply", reason, cause);
    }
}
