package io.weir.samples.cli.file;

import io.weir.core.wire.Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is about to be sent: a name without any directory, and how many bytes if that is known. Travels in the stream's headers; once
 * made, it is harmless: the name can only mean a visible file directly in the receiver's directory.
 *
 * @param name 1 to 255 bytes of UTF-8; no separators, no control characters, no leading dot
 * @param size 0 or more bytes, or {@link #UNKNOWN_SIZE}, as for a pipe: then it ends where it ends
 */
public record FileOffer(String name, long size) {

    /** The size of what has none before its end is reached. */
    public static final long UNKNOWN_SIZE = -1;

    private static final String NAME = "name";
    private static final String SIZE = "size";
    private static final int MAX_NAME_BYTES = 255;

    public FileOffer {
        String wrong = whatIsWrongWith(name);
        if (wrong != null) {
            throw new TransferException("the file name '" + Printable.brief(name) + "' is refused: " + wrong);
        }
        if (size < UNKNOWN_SIZE) {
            throw badSize(Long.toString(size), null);
        }
    }

    /** Reads the offer of a peer. */
    public static FileOffer of(Headers headers) {
        String name = headers.text(NAME);
        String size = headers.text(SIZE);
        if (name == null) {
            throw new TransferException("the offer lacks the file's name");
        }
        return new FileOffer(name, size == null ? UNKNOWN_SIZE : parseSize(size));
    }

    /** Whether it is known how many bytes there are. */
    public boolean hasSize() {
        return size != UNKNOWN_SIZE;
    }

    /** The offer as the stream's headers. */
    public Headers toHeaders() {
        Headers headers = Headers.of(NAME, name);
        return hasSize() ? headers.with(SIZE, Long.toString(size)) : headers;
    }

    private static long parseSize(String text) {
        try {
            long size = Long.parseLong(text);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            throw badSize(text, e);
        }
        throw badSize(text, null);
    }

    private static TransferException badSize(String text, @Nullable Throwable cause) {
        return new TransferException(
                "the size '" + Printable.brief(text) + "' is refused: it must be a number, 0 or more", cause);
    }

    private static @Nullable String whatIsWrongWith(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_NAME_BYTES) {
            return "it must have 1 to " + MAX_NAME_BYTES + " bytes";
        }
        if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
            return "it must not lead to another directory";
        }
        if (name.charAt(0) == '.') {
            return "it must not begin with a dot";
        }
        return Printable.hasControls(name) ? "it must not have control characters" : null;
    }
}
