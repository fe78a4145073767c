package io.weir.reactive;

import io.weir.core.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What the first frame of a stream tells the peer beside its id: the name that selects the peer's handler, and headers.
 *
 * @param name up to 255 bytes of UTF-8
 * @param headers up to 64 entries and 4 KiB
 */
public record StreamOpen(String name, Headers headers) {

    /** The longest name, in bytes of UTF-8. */
    public static final int MAX_NAME_BYTES = 255;

    public StreamOpen {
        Objects.requireNonNull(headers, "headers");
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "name is " + bytes + " bytes of UTF-8; legal: 0 to " + MAX_NAME_BYTES + ": " + name);
        }
    }

    /** A name without headers. */
    public static StreamOpen named(String name) {
        return new StreamOpen(name, Headers.empty());
    }

    /** The same name with these headers. */
    public StreamOpen withHeaders(Headers newHeaders) {
        return new StreamOpen(name, newHeaders);
    }
}
