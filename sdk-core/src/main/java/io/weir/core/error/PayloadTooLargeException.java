package io.weir.core.error;

/** A payload is larger than a limit allows; nothing of it was sent. */
public final class PayloadTooLargeException extends WeirException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final long value;
    private final long max;

    /** A payload that this node refuses, because {@code field} is {@code value} and may be at most {@code max}. */
    public PayloadTooLargeException(String field, long value, long max) {
        this(CloseReason.local(ErrorCode.PAYLOAD_TOO_LARGE), field, value, max);
    }

    public PayloadTooLargeException(CloseReason reason, String field, long value, long max) {
        super(field + " is " + value + ", must be at most " + max, reason, null);
        this.field = field;
        this.value = value;
        this.max = max;
    }

    /** What was too large. */
    public String field() {
        return field;
    }

    /** How large it is, in bytes. */
    public long value() {
        return value;
    }

    /** How large it may be, in bytes. */
    public long max() {
        return max;
    }
}
