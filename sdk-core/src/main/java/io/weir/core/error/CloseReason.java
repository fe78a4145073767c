package io.weir.core.error;

import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why something ended: who decided, in which layer, with which code, and whether trying again can help. The code is the
 * raw number, so that one which this version does not know is still reported as it came.
 *
 * <p>Two reasons are equal whatever their details say.
 *
 * @param origin who decided
 * @param layer where the failure arose
 * @param code number of the {@link ErrorCode}, or a number unknown to this version; never negative
 * @param retryable whether the same attempt can succeed later
 * @param detail what exactly was found wrong, in words and for this node's own eyes: it never crosses the wire. Empty if
 *     there is nothing to add to the code
 */
public record CloseReason(Origin origin, Layer layer, long code, boolean retryable, String detail)
        implements Serializable {

    public CloseReason {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(detail, "detail");
        if (code < 0) {
            throw new IllegalArgumentException("code is " + code + ", must be 0 or more");
        }
    }

    /** One without details. */
    public CloseReason(Origin origin, Layer layer, long code, boolean retryable) {
        this(origin, layer, code, retryable, "");
    }

    /** This node decided, for that reason. */
    public static CloseReason local(ErrorCode code) {
        return local(code, "");
    }

    /** This node decided, for that reason, of which the detail is in words. */
    public static CloseReason local(ErrorCode code, String detail) {
        return new CloseReason(Origin.LOCAL, code.layer(), code.number(), code.retryable(), detail);
    }

    /** The peer decided, and this is the number that it sent. */
    public static CloseReason remote(long number) {
        return said(Origin.REMOTE, number);
    }

    /** The peer decided, for that reason. */
    public static CloseReason remote(ErrorCode code) {
        return remote(code.number());
    }

    /** Somebody answered this number in the clear, before the peer had proved who it is. */
    public static CloseReason unproven(long number) {
        return said(Origin.UNPROVEN, number);
    }

    private static CloseReason said(Origin origin, long number) {
        ErrorCode code = ErrorCode.of(number);
        return new CloseReason(origin, code.layer(), number, code.retryable());
    }

    /** The same, with that detail. */
    public CloseReason withDetail(String words) {
        return new CloseReason(origin, layer, code, retryable, words);
    }

    /** The table's entry for the code; {@link ErrorCode#UNKNOWN} if there is none. */
    public ErrorCode error() {
        return ErrorCode.of(code);
    }

    /** Whether this was a clean end. */
    public boolean clean() {
        return code == ErrorCode.NONE.number();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CloseReason reason
                && origin == reason.origin
                && layer == reason.layer
                && code == reason.code
                && retryable == reason.retryable;
    }

    @Override
    public int hashCode() {
        return Objects.hash(origin, layer, code, retryable);
    }

    /**
     * For example {@code remote STREAM 0x22 REFUSED, not retryable (No handler takes streams of this name.)}, and the detail
     * behind a colon.
     */
    @Override
    public String toString() {
        ErrorCode error = error();
        return origin.name().toLowerCase(Locale.ROOT) + " " + layer + " " + ErrorCode.hex(code) + " " + error.name()
                + (retryable ? ", retryable (" : ", not retryable (") + error.description() + ")"
                + (detail.isEmpty() ? "" : ": " + detail);
    }
}
