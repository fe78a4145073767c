package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import javax.net.ssl.SSLException;

/** What QUIC's errors (RFC 9000 section 20) and TLS' alerts in them (RFC 9001 section 4.8) mean to who wants a session. */
final class QuicError {

    /** Who is turned away before a handshake; with a Weir code of two bytes in the place of its reason. */
    static final int CONNECTION_REFUSED = 0x02;

    /** A connection that has no keys yet is closed for no reason of QUIC's. */
    static final int APPLICATION_ERROR = 0x0C;

    private static final int FIRST_OF_TLS = 0x100;
    private static final int LAST_OF_TLS = 0x1FF;
    private static final int NO_APPLICATION_PROTOCOL = 120;

    private QuicError() {}

    /** What goes along with {@link #CONNECTION_REFUSED}. */
    static ByteBuf reason(ErrorCode code) {
        return Unpooled.buffer(Short.BYTES).writeShort((int) code.number());
    }

    /** The peer, or whoever is there, has closed a connection on which there is no session. */
    static CloseReason refusal(boolean application, int error, byte[] reason) {
        if (!application && error == CONNECTION_REFUSED && reason.length == Short.BYTES) {
            return CloseReason.unproven((reason[0] & 0xFF) << 8 | reason[1] & 0xFF);
        }
        ErrorCode code = ErrorCode.LINK_LOST;
        if (!application && isTls(error)) {
            code = alert(error) == NO_APPLICATION_PROTOCOL ? ErrorCode.NOT_WEIR : ErrorCode.HANDSHAKE_FAILED;
        }
        return CloseReason.local(code, describe(application, error));
    }

    /** This side cannot go on with a handshake. */
    static CloseReason ownFailure(Throwable failure) {
        ErrorCode code = failure instanceof SSLException ? ErrorCode.HANDSHAKE_FAILED : ErrorCode.LINK_LOST;
        return CloseReason.local(code, String.valueOf(failure.getMessage()));
    }

    /** In words, what the peer has said. */
    static String describe(boolean application, int error) {
        if (application) {
            return "the peer has closed the QUIC connection with code " + error;
        }
        return isTls(error)
                ? "the peer has refused the handshake by TLS alert " + alert(error)
                : "the peer has closed the QUIC connection with error 0x" + Integer.toHexString(error);
    }

    private static boolean isTls(int error) {
        return error >= FIRST_OF_TLS && error <= LAST_OF_TLS;
    }

    private static int alert(int error) {
        return error - FIRST_OF_TLS;
    }
}
