package io.weir.core.error;

/**
 * No session could be set up with the address asked for: name, connection, handshake or admission failed.
 */
public final class ConnectException extends WeirException {

    private static final long serialVersionUID = 1L;

    public ConnectException(CloseReason reason) {
        super("connect failed", reason, null);
    }

    public ConnectException(CloseReason reason, Throwable cause) {
        super("connect failed", reason, cause);
    }
}
