package io.weir.core.error;

/**
 * What a request handler fails with to choose the code of its answer. Any other failure of a handler is answered
 * {@link ErrorCode#APPLICATION_ERROR}: what went wrong behind it is not the requester's business unless the handler says
 * so.
 */
public final class RequestRefusedException extends WeirException {

    private static final long serialVersionUID = 1L;

    /**
     * @param code what the requester is told
     * @throws IllegalArgumentException for {@code NONE}, {@code CANCELLED} and {@code UNKNOWN}, which are no answers
     */
    public RequestRefusedException(ErrorCode code) {
        this(code, true);
    }

    private RequestRefusedException(ErrorCode code, boolean traced) {
        super("request refused", CloseReason.local(legal(code)), null, traced);
    }

    /**
     * The same without a stack trace, for those who refuse more often than anybody wants to read where: a trace costs tens of
     * microseconds, more than what is refused is worth.
     */
    public static RequestRefusedException untraced(ErrorCode code) {
        return new RequestRefusedException(code, false);
    }

    private static ErrorCode legal(ErrorCode code) {
        return switch (code) {
            case NONE, CANCELLED, UNKNOWN ->
                throw new IllegalArgumentException("code is " + code + ", must not be NONE, CANCELLED or UNKNOWN");
            default -> code;
        };
    }
}
