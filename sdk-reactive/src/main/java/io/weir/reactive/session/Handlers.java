package io.weir.reactive.session;

import io.weir.reactive.MessageHandler;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.session.stream.DeclaredStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a node does with what its peers begin, by name. Immutable.
 *
 * @param streams by the name that the peer opens a stream under
 * @param requests by the route that the peer asks for
 * @param messages by the name of a one-way message
 */
public record Handlers(
        Map<String, DeclaredStream> streams,
        Map<String, RequestHandler> requests,
        Map<String, MessageHandler> messages) {

    public Handlers {
        streams = Map.copyOf(streams);
        requests = Map.copyOf(requests);
        messages = Map.copyOf(messages);
    }

    /** Nothing is answered. */
    public static Handlers none() {
        return new Handlers(Map.of(), Map.of(), Map.of());
    }

    /** One more. */
    public Handlers withStream(String name, DeclaredStream handler) {
        return new Handlers(with(streams, "streams", name, handler), requests, messages);
    }

    /** One more. */
    public Handlers withRequest(String route, RequestHandler handler) {
        return new Handlers(streams, with(requests, "requests", route, handler), messages);
    }

    /** One more. */
    public Handlers withMessage(String name, MessageHandler handler) {
        return new Handlers(streams, requests, with(messages, "messages", name, handler));
    }

    private static <H> Map<String, H> with(Map<String, H> handlers, String what, String name, H handler) {
        StreamOpen.named(name); // checks the name
        Map<String, H> more = new HashMap<>(handlers);
        if (more.putIfAbsent(name, Objects.requireNonNull(handler, "handler")) != null) {
            throw new IllegalArgumentException("there is a handler for " + what + " named \"" + name + "\" already");
        }
        return more;
    }
}
