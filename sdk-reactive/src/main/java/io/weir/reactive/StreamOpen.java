package io.weir.reactive;

import io.weir.core.wire.Headers;
import io.weir.core.wire.NameCache;
import java.util.Objects;

/**
 * What the first frame of a stream tells the peer beside its id: the name that selects the peer's handler, and headers.
 *
 * @param name up to 255 bytes of UTF-8, without lone surrogates
 * @param headers up to 64 entries and 4 KiB
 * @param handlerOnly whether the peer refuses the stream at once, with REFUSED, if it has no handler of this name and nobody
 *     looks at {@link PeerSession#streams()} there. Otherwise the stream waits up to 10 s for somebody there to open the
 *     same id, then it ends with UNCLAIMED
 */
public record StreamOpen(String name, Headers headers, boolean handlerOnly) {

    /** The longest name, in bytes of UTF-8. */
    public static final int MAX_NAME_BYTES = 255;

    public StreamOpen {
        NameCache.checked(name);
        Objects.requireNonNull(headers, "headers");
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

    /** The same with these headers in place of the others. */
    public StreamOpen withHeaders(Headers newHeaders) {
        return new StreamOpen(name, newHeaders, handlerOnly);
    }

    /**
     * The same with one header more; one of the same name is replaced.
     *
     * @throws IllegalArgumentException if the header's name or the whole is out of range
     */
    public StreamOpen withHeader(String header, String value) {
        return withHeaders(headers.with(header, value));
    }
}
