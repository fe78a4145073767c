package io.weir.core.error;

/**
 * A one-way message was not written: too much waits to be written, or the session drains or has ended.
 */
public final class MessageNotSentException extends WeirException {

    private static final long serialVersionUID = 1L;

    public MessageNotSentException(CloseReason reason) {
        super("message not sent", reason, null);
    }

    public MessageNotSentException(CloseReason reason, Throwable cause) {
        super("message not sent", reason, cause);
    }
}
