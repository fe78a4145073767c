package io.weir.samples.market;

import io.weir.core.wire.Headers;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** The id of a browser's request, in the Reactor context: across the gateway, the wire, and the publisher's handlers. */
public final class RequestId {

    /** The header's name in HTTP. */
    public static final String HTTP_HEADER = "X-Request-Id";

    private static final String KEY = "request-id";

    private RequestId() {}

    /** The context with that id. */
    public static Context put(Context context, String id) {
        return context.put(KEY, id);
    }

    /** The id in the context of who subscribes; "none" without. */
    public static Mono<String> current() {
        return Mono.deferContextual(context -> Mono.just(context.getOrDefault(KEY, "none")));
    }

    /** For {@code PeerNodeSpec.context}, on both nodes. */
    public static Headers toHeaders(ContextView context, Headers headers) {
        return context.<String>getOrEmpty(KEY).map(id -> headers.with(KEY, id)).orElse(headers);
    }

    /** For {@code PeerNodeSpec.context}, on both nodes. */
    public static Context toContext(Headers headers, Context context) {
        String id = headers.text(KEY);
        return id == null ? context : context.put(KEY, id);
    }
}
