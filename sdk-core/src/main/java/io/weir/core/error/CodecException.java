package io.weir.core.error;

import org.jspecify.annotations.Nullable;

/** A codec failed: the sender could not encode a value, or the receiver could not decode a payload. */
public final class CodecException extends WeirException {

    private static final long serialVersionUID = 1L;

    public CodecException(CloseReason reason) {
        super(what(reason), reason, null);
    }

    public CodecException(CloseReason reason, @Nullable Throwable cause) {
        super(what(reason), reason, cause);
    }

    /** This node's codec threw {@code cause} while it encoded a value. */
    public static CodecException encode(Throwable cause) {
        return new CodecException(CloseReason.local(ErrorCode.ENCODE_FAILED), cause);
    }

    /** This node's codec threw {@code cause} while it decoded a payload. */
    public static CodecException decode(Throwable cause) {
        return new CodecException(CloseReason.local(ErrorCode.DECODE_FAILED), cause);
    }

    private static String what(CloseReason reason) {
        return switch (reason.error()) {
            case ENCODE_FAILED -> "encoding failed";
            case DECODE_FAILED -> "decoding failed";
            default -> "codec failed";
        };
    }
}
