package io.weir.reactive.transport.udp;

import io.netty.channel.unix.Errors;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** What a failed write of a datagram means. */
public enum WriteFailure {

    /** The datagram, or a segment of the batch, is larger than the interface or the protocol takes. */
    TOO_LONG,

    /** The system cannot cut this apart, or not on this interface. Of a single datagram: it cannot go there. */
    NOT_POSSIBLE,

    /** Somebody had no such port: told of an earlier datagram, for want of another occasion. This one was not sent. */
    OF_EARLIER_ONE,

    /** The socket is closed. */
    CLOSED,

    /** No route, no permission, no memory: lost, like on the way. */
    LOST;

    // Linux, negative as Netty has them.
    private static final int EIO = -5;
    private static final int EINVAL = -22;
    private static final int EMSGSIZE = -90;
    private static final int EOPNOTSUPP = -95;
    private static final int ECONNREFUSED = -111;

    /** By what Netty, or the JDK behind it, says. */
    public static WriteFailure of(Throwable cause) {
        if (cause instanceof Errors.NativeIoException failed) {
            return switch (failed.expectedErr()) {
                case EMSGSIZE -> TOO_LONG;
                case EINVAL, EIO, EOPNOTSUPP -> NOT_POSSIBLE;
                case ECONNREFUSED -> OF_EARLIER_ONE;
                default -> LOST;
            };
        }
        if (cause instanceof PortUnreachableException) {
            return OF_EARLIER_ONE;
        }
        if (cause instanceof ClosedChannelException) {
            return CLOSED;
        }
        return saysTooLong(cause.getMessage()) ? TOO_LONG : LOST;
    }

    /**
     * The JDK tells the error by the system's words only. Where they are of another language such a datagram counts as lost, and
     * the search for the path's MTU finds out a little later.
     */
    private static boolean saysTooLong(@Nullable String words) {
        return words != null && (words.contains("too long") || words.contains("larger than"));
    }
}
