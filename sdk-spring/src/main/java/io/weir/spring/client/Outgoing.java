package io.weir.spring.client;

import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the arguments of one call of a client's method come to. Of that call's thread. */
final class Outgoing {

    private PeerCalls peer;
    private Headers headers = Headers.empty();
    private StreamConfig config = StreamConfig.reliable();
    private @Nullable Duration deadline;
    private @Nullable Object value;

    /** @param peer whom the client is for */
    Outgoing(PeerCalls peer) {
        this.peer = peer;
    }

    void ask(PeerCalls other) {
        peer = other;
    }

    /** Beside those that there are; of two of one name the later one counts. */
    void add(Headers more) {
        for (String name : more.names()) {
            headers = headers.with(name, Objects.requireNonNull(more.get(name)).toByteArray());
        }
    }

    void add(String name, String text) {
        headers = headers.with(name, text);
    }

    void configure(StreamConfig given) {
        config = given;
    }

    void within(Duration given) {
        deadline = given;
    }

    void carry(Object given) {
        value = given;
    }

    PeerCalls peer() {
        return peer;
    }

    Headers headers() {
        return headers;
    }

    StreamConfig config() {
        return config;
    }

    /** The value; null where the method takes none, or null was given. */
    @Nullable
    Object value() {
        return value;
    }

    RequestOptions options() {
        RequestOptions options = RequestOptions.defaults().withHeaders(headers);
        return deadline == null ? options : options.withTimeout(deadline);
    }

    StreamOpen open(String name) {
        return StreamOpen.named(name).withHeaders(headers);
    }
}
