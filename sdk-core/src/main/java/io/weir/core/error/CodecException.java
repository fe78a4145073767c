package io.weir.core.error;

import org.jspecify.annotations.Nullable;

/**
 * A codec failed: the sender could not encode a value, or the receiver could not decode a payload. What the codec threw is the
 * cause, and the reason's detail has its text, up to 400 characters of it.
 */
public final class CodecException extends WeirException {

    private static final long serialVersionUID = 1L;
    private static final int MOST_CHARACTERS = 400;

    public CodecException(CloseReason reason) {
        super(what(reason), reason, null);
    }

    public CodecException(CloseReason reason, @Nullable Throwable cause) {
        super(what(reason), reason, cause);
    }

    /** This node's codec threw {@code cause} while it encoded a value. */
    public static CodecException encode(Throwable cause) {
        return new CodecException(CloseReason.local(ErrorCode.ENCODE_FAILED, inWords(cause)), cause);
    }

    /** This node's codec threw {@code cause} while it decoded a payload. */
    public static CodecException decode(Throwable cause) {
        return new CodecException(CloseReason.local(ErrorCode.DECODE_FAILED, inWords(cause)), cause);
    }

    /** On one line: what a peer sent may be quoted in it. */
    private static String inWords(Throwable cause) {
        String text = String.valueOf(cause.getMessage()).replaceAll("\\p{Cntrl}+", " ");
        String cut = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text;
        return cause.getMessage() == null ? cause.getClass().getName() : cut;
    }

    private static String what(CloseReason reason) {
        return switch (reason.error()) {
            case ENCODE_FAILED -> "encoding failed";
            case DECODE_FAILED -> "decoding failed";
            default -> "codec failed";
        };
    }
}
