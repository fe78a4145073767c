package io.weir.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Strict UTF-8 of names: what has no exact encoding or decoding is refused, never replaced. */
final class Text {

    /** Most bytes of a name. */
    static final int MAX_NAME_BYTES = 255;

    private Text() {}

    /**
     * The name's bytes.
     *
     * @throws IllegalArgumentException if it is longer than {@link #MAX_NAME_BYTES} or has a lone surrogate
     */
    static byte[] encode(String field, String name) {
        return encode(field, name, MAX_NAME_BYTES);
    }

    /** The same of a text that may have so many bytes. */
    static byte[] encode(String field, String name, int mostBytes) {
        byte[] bytes = name.getBytes(UTF_8);
        if (bytes.length > mostBytes) {
            throw new IllegalArgumentException(
                    field + " is " + bytes.length + " bytes of UTF-8, must be 0 to " + mostBytes);
        }
        if (!new String(bytes, UTF_8).equals(name)) {
            throw new IllegalArgumentException(field + " has a lone surrogate, must be well-formed Unicode");
        }
        return bytes;
    }

    /** The text that these bytes spell, or null if they are not well-formed UTF-8. */
    static @Nullable String decode(byte[] array, int offset, int length) {
        // Encoding always yields well-formed UTF-8, so malformed bytes cannot survive the way there and back.
        String text = new String(array, offset, length, UTF_8);
        byte[] again = text.getBytes(UTF_8);
        return Arrays.equals(again, 0, again.length, array, offset, offset + length) ? text : null;
    }
}
