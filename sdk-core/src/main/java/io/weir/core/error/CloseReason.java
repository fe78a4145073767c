package io.weir.core.error;

import java.io.Serializable;
import java.util.Objects;

/**
 * Why something ended: who decided, in which layer, with which code, and whether trying again can help. The code is the
 * raw number, so that one which this version does not know is still reported as it came.
 *
 * @param origin who decided
 * @param layer where the failure arose
 * @param code number of the {@link ErrorCode}, or a number unknown to this version; never negative
 * @param retryable whether the same attempt can succeed later
 */
public record CloseReason(Origin origin, Layer layer, long code, boolean retryable) implements Serializable {

    public CloseReason {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(layer, "layer");
        if (code < 0) {
            throw new IllegalArgumentException("code is " + code + ", must be 0 or more");
        }
    }

    /** This node decided, for that reason. */
    public static CloseReason local(ErrorCode code) {
        return new CloseReason(Origin.LOCAL, code.layer(), code.number(), code.retryable());
    }

    /** The peer decided, and this is the number that it sent. */
    public static CloseReason remote(long number) {
        ErrorCode code = ErrorCode.of(number);
        return new CloseReason(Origin.REMOTE, code.layer(), number, code.retryable());
    }

    /** The peer decided, for that reason. */
    public static CloseReason remote(ErrorCode code) {
        return remote(code.number());
    }

    /** The table's entry for the code; {@link ErrorCode#UNKNOWN} if there is none. */
    public ErrorCode error() {
        return ErrorCode.of(code);
    }

    /** Whether this was a clean end. */
    public boolean clean() {
        return code == ErrorCode.NONE.number();
    }

    /** For example {@code remote STREAM 0x22 REFUSED, not retryable (No handler takes streams of this name.)}. */
    @Override
    public String toString() {
        ErrorCode error = error();
        return (origin == Origin.LOCAL ? "local " : "remote ") + layer + " " + ErrorCode.hex(code) + " " + error.name()
                + (retryable ? ", retryable (" : ", not retryable (") + error.description() + ")";
    }
}
