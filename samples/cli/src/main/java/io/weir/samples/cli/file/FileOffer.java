package io.weir.samples.cli.file;

import io.weir.core.wire.Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is about to be sent: a name without any directory, and how many bytes. Travels in the stream's headers; once
 * made, it is harmless: the name can only mean a visible file directly in the receiver's directory.
 *
 * @param name 1 to 255 bytes of UTF-8; no separators, no control characters, no leading dot
 * @param size 0 or more bytes
 */
public record FileOffer(String name, long size) {

    private static final String NAME = "name";
    private static final String SIZE = "size";
    private static final int MAX_NAME_BYTES = 255;

    public FileOffer {
        String wrong = whatIsWrongWith(name);
        if (wrong != null) {
            throw new TransferException("the file name '" + Printable.brief(name) + "' is refused: " + wrong);
        }
        if (size < 0) {
            throw new TransferException("the size " + size + " is refused: it must be 0 or more");
        }
    }

    /** Reads the offer of a peer. */
    public static FileOffer of(Headers headers) {
        String name = headers.text(NAME);
        String size = headers.text(SIZE);
        if (name == null || size == null) {
            throw new TransferException("the offer lacks the file's name or size");
        }
        try {
            return new FileOffer(name, Long.parseLong(size));
        } catch (NumberFormatException e) {
            throw new TransferException("the size '" + Printable.brief(size) + "' is refused: it must be a number", e);
        }
    }

    /** The offer as the stream's headers. */
    public Headers toHeaders() {
        return Headers.of(NAME, name).with(SIZE, Long.toString(size));
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
