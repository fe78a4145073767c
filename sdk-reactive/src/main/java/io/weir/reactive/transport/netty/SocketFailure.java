package io.weir.reactive.transport.netty;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.peer.PeerAddress;
import java.io.IOException;
import java.net.UnknownHostException;

/** What the system's failures are to whoever dials or listens: typed, and with the address. */
public final class SocketFailure {

    private SocketFailure() {}

    /** Dialling that address has failed. */
    public static ConnectException dialling(PeerAddress address, ErrorCode code, Throwable cause) {
        return new ConnectException(reason(code, cause), at("cannot connect to ", address, cause));
    }

    /** Listening at that address has failed. */
    public static ListenException listening(PeerAddress address, Throwable cause) {
        ErrorCode code = cause instanceof UnknownHostException ? ErrorCode.UNRESOLVED : ErrorCode.BIND_FAILED;
        return new ListenException(reason(code, cause), at("cannot listen at ", address, cause));
    }

    private static CloseReason reason(ErrorCode code, Throwable cause) {
        return CloseReason.local(code, String.valueOf(cause.getMessage()));
    }

    private static IOException at(String what, PeerAddress address, Throwable cause) {
        return new IOException(what + address + ": " + cause.getMessage(), cause);
    }
}
