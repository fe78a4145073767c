package io.weir.reactive;

import io.weir.core.identity.PeerId;
import java.util.Objects;

/**
 * A handler of this node failed: it threw, or what it returned did.
 *
 * @param kind what it handled
 * @param name the name that the handler was declared under: of streams or messages, or the route of requests
 * @param peer whose stream, request or message it was
 * @param sessionId the session that it came on
 * @param error what was thrown or signalled
 */
public record HandlerError(Kind kind, String name, PeerId peer, long sessionId, Throwable error) {

    /** What failed. */
    public enum Kind {
        /** The handler of a stream. */
        STREAM,
        /** A publisher that the handler of a stream sends, where the handler did not fail with the same. */
        PUBLISHER,
        /** The handler of a request. */
        REQUEST,
        /** The handler of a one-way message. */
        MESSAGE
    }

    public HandlerError {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(error, "error");
    }
}
