package io.weir.reactive;

import io.weir.core.error.Legal;
import io.weir.core.wire.Headers;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one request is made.
 *
 * @param timeout how long to wait for the answer, 1 ms to 1 h, from the moment the request is made; from 1 s on, and where it is made
 *     in the subscriber of another one's reply, from when that came. Null: the node's {@link NodeLimits#requestTimeout()}. Within a handler of requests no longer than {@link Request#remaining()}
 * @param headers told to the peer's handler
 */
public record RequestOptions(@Nullable Duration timeout, Headers headers) {

    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofHours(1);
    private static final RequestOptions DEFAULTS = new RequestOptions(null, Headers.empty());

    public RequestOptions {
        Objects.requireNonNull(headers, "headers");
        if (timeout != null) {
            Legal.range("timeout", timeout, LEAST, MOST);
        }
    }

    /** The node's time-out, no headers. */
    public static RequestOptions defaults() {
        return DEFAULTS;
    }

    /** The same with this time-out. */
    public RequestOptions withTimeout(Duration newTimeout) {
        return new RequestOptions(Objects.requireNonNull(newTimeout, "timeout"), headers);
    }

    /** The same with these headers in place of the others. */
    public RequestOptions withHeaders(Headers newHeaders) {
        return new RequestOptions(timeout, newHeaders);
    }

    /**
     * The same with one header more; one of the same name is replaced.
     *
     * @throws IllegalArgumentException if the header's name or the whole is out of range
     */
    public RequestOptions withHeader(String header, String value) {
        return withHeaders(headers.with(header, value));
    }
}
