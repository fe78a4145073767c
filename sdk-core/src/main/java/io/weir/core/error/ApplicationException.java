package io.weir.core.error;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * An error that the application itself defines, and that crosses the wire because the application says so. What a request
 * handler, a handler of streams or a publisher given to {@code send} fails with is what the peer's {@code Mono} or {@code
 * Flux} fails with: the same number, text, payload and retryability; its message also says which request or stream, and which
 * peer. Nothing else of any exception crosses.
 *
 * <p>Only where it was made does it cross. One that came from a peer, and that a handler fails with in turn, is that
 * handler's failure like any other, {@link ErrorCode#APPLICATION_ERROR}: to pass it on, make a new one of it.
 *
 * <p>It is paid for like a reply, or like an element of its stream: a peer whose window is too small for text and payload
 * gets the number without them. Immutable. PROTOCOL section 3, "Errors of applications".
 */
public final class ApplicationException extends WeirException {

    private static final long serialVersionUID = 1L;

    /** The highest number. */
    public static final int MOST_CODE = (int) (ErrorCode.LAST_OF_APPLICATIONS - ErrorCode.FIRST_OF_APPLICATIONS);

    /** The longest text, in bytes of UTF-8. */
    public static final int MOST_TEXT_BYTES = 1_024;

    /** The longest payload, in bytes. */
    public static final int MOST_PAYLOAD_BYTES = 8_192;

    private static final byte[] NOTHING = new byte[0];

    private final String text;
    private final byte[] payload;

    /** One that is not to be tried again, without a payload. */
    public ApplicationException(int code, String text) {
        this(code, text, NOTHING, false);
    }

    /** One that is not to be tried again. */
    public ApplicationException(int code, String text, byte[] payload) {
        this(code, text, payload, false);
    }

    /**
     * One of this application.
     *
     * @param code the application's own number, 0 to 65,535
     * @param text for people, at most 1,024 bytes of well-formed UTF-8; empty for none
     * @param payload for programs, at most 8,192 bytes, which are copied; empty for none
     * @param retryable whether the same attempt can succeed later without anybody changing anything
     * @throws IllegalArgumentException if one of them is out of its range
     */
    public ApplicationException(int code, String text, byte[] payload, boolean retryable) {
        this(Origin.LOCAL, code, text, payload.clone(), retryable);
    }

    private ApplicationException(Origin origin, int code, String text, byte[] payload, boolean retryable) {
        super("application error", reason(origin, code, text, payload.length, retryable), null);
        this.text = text;
        this.payload = payload;
    }

    /** What a peer has said, with a number of the range of applications; the payload is the exception's own from now on. */
    public static ApplicationException remote(long number, String text, byte[] payload, boolean retryable) {
        int code = (int) (number - ErrorCode.FIRST_OF_APPLICATIONS);
        return new ApplicationException(Origin.REMOTE, code, text, payload, retryable);
    }

    private static CloseReason reason(Origin origin, int code, String text, int payloadBytes, boolean retryable) {
        requireRange("code", code, MOST_CODE);
        requireRange("text bytes", utf8Bytes(text), MOST_TEXT_BYTES);
        requireRange("payload bytes", payloadBytes, MOST_PAYLOAD_BYTES);
        String oneLine = text.replaceAll("\\p{Cntrl}", " "); // a peer's text ends no line of a log
        return new CloseReason(origin, Layer.APPLICATION, ErrorCode.FIRST_OF_APPLICATIONS + code, retryable, oneLine);
    }

    private static void requireRange(String field, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(field + " is " + value + ", must be 0 to " + most);
        }
    }

    private static int utf8Bytes(String text) {
        Objects.requireNonNull(text, "text");
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text has a lone surrogate, must be well-formed Unicode", e);
        }
    }

    /** The application's number, 0 to 65,535. */
    public int code() {
        return (int) (reason().code() - ErrorCode.FIRST_OF_APPLICATIONS);
    }

    /** The application's text as it was given; of a peer's it is the peer's word. Empty if there is none. */
    public String text() {
        return text;
    }

    /** The application's payload, read only; each call returns a view of its own. Empty if there is none. */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }
}
