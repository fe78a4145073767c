package io.weir.reactive;

import io.weir.core.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What the first frame of a stream tells the peer beside its id: the name that selects the peer's handler, and headers.
 *
 * @param name up to 255 bytes of UTF-8
 * @param headers up to 64 entries and 4 KiB
 * @param handlerOnly whether the peer refuses the stream at once, with REFUSED, if it has no handler of this name and nobody
 *     looks at {@link PeerSession#streams()} there. Otherwise the stream waits up to 10 s for somebody there to open the
 *     same id, then it ends with UNCLAIMED
 */
public record StreamOpen(String name, Headers headers, boolean handlerOnly) {

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

    /** One that may wait for the peer to open the same id. */
    public StreamOpen(String name, Headers headers) {
        this(name, headers, false);
    }

    /** A name without headers. */
    public static StreamOpen named(String name) {
        return new StreamOpen(name, Headers.empty());
    }

    /** The same, for a stream of this side's own, which nobody at the peer can be about to open: only a handler will do. */
    public StreamOpen forHandler() {
        return new StreamOpen(name, headers, true);
    }

    /** The same name with these headers. */
    public StreamOpen withHeaders(Headers newHeaders) {
        return new StreamOpen(name, newHeaders, handlerOnly);
    }
}
