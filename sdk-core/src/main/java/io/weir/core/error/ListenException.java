package io.weir.core.error;

/**
 * A node could not listen at one of its addresses.
 */
public final class ListenException extends WeirException {

    private static final long serialVersionUID = 1L;

    public ListenException(CloseReason reason) {
        super("listen failed", reason, null);
    }

    public ListenException(CloseReason reason, Throwable cause) {
        super("listen failed", reason, cause);
    }
}
