package io.weir.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an application says of its error beside the number. Follows each code of the range of applications in CLOSE and in the
 * MESSAGE of an error, and no other (PROTOCOL section 3, "Errors of applications").
 *
 * <pre>
 * | flags v (bit 0 = retryable) | text | payload bytes |
 * </pre>
 *
 * @param retryable whether the same attempt can succeed later
 * @param text for people, at most {@value ApplicationException#MOST_TEXT_BYTES} bytes of UTF-8
 * @param payload for programs, at most {@value ApplicationException#MOST_PAYLOAD_BYTES} bytes
 */
public record ErrorDetail(boolean retryable, String text, Bytes payload) {

    /** Nothing but the number, which is not to be tried again. */
    public static final ErrorDetail NONE = new ErrorDetail(false, "", Bytes.empty());

    private static final int RETRYABLE = 1;

    public ErrorDetail {
        Text.encode("error text", text, ApplicationException.MOST_TEXT_BYTES);
        Objects.requireNonNull(payload, "payload");
        FieldCheck.range("error payload bytes", payload.length(), 0, ApplicationException.MOST_PAYLOAD_BYTES);
    }

    /** What the application of this side says. */
    public static ErrorDetail of(ApplicationException error) {
        byte[] payload = new byte[error.payload().remaining()];
        error.payload().get(payload);
        return new ErrorDetail(error.reason().retryable(), error.text(), Bytes.copyOf(payload));
    }

    /** The body of an error's MESSAGE; null if it is none. */
    public static @Nullable Body body(byte[] array, int offset, int length) {
        ByteReader in = new ByteReader().reset(array, offset, offset + length);
        long code = in.varInt("error code");
        ErrorDetail detail = readBehind(code, in);
        return in.failed() || in.remaining() > 0 ? null : new Body(code, detail);
    }

    /**
     * A code with what follows it.
     *
     * @param code any number
     * @param detail {@link #NONE} of a code that is no application's
     */
    public record Body(long code, ErrorDetail detail) {}

    /** What follows a code: nothing, unless it is an application's. A violation is left in {@code in}. */
    static ErrorDetail readBehind(long code, ByteReader in) {
        if (!ErrorCode.isApplications(code)) {
            return NONE;
        }
        long flags = in.varInt("error flags", 0, RETRYABLE);
        String text = in.text("error text", in.length("error text", ApplicationException.MOST_TEXT_BYTES));
        Bytes payload = in.bytes("error payload", ApplicationException.MOST_PAYLOAD_BYTES);
        return in.failed() ? NONE : new ErrorDetail(flags != 0, text, payload);
    }

    void writeBehind(long code, ByteSink out) {
        if (ErrorCode.isApplications(code)) {
            out.varInt(retryable ? RETRYABLE : 0);
            out.bytes(text.getBytes(UTF_8));
            out.bytes(payload);
        }
    }

    /** The body of an error's MESSAGE with this code. */
    public byte[] encode(long code) {
        byte[] most = new byte[4 * VarInt.MAX_LENGTH + contentBytes()];
        ByteSink out = new ByteSink(most);
        out.reset(0, most.length);
        out.varInt(code);
        writeBehind(code, out);
        return Arrays.copyOf(most, out.position());
    }

    /** What it costs a stream's credit: 16 + its bytes, as an element; nothing if it has none (PROTOCOL section 4, "Cost"). */
    public int cost() {
        int bytes = contentBytes();
        return bytes == 0 ? 0 : Frame.ELEMENT_OVERHEAD + bytes;
    }

    /** The same without text and payload. */
    public ErrorDetail withoutContent() {
        return new ErrorDetail(retryable, "", Bytes.empty());
    }

    /** What the peer's application has said, under that number. */
    public ApplicationException toException(long code) {
        return ApplicationException.remote(code, text, payload.toByteArray(), retryable);
    }

    private int contentBytes() {
        return text.getBytes(UTF_8).length + payload.length();
    }
}
