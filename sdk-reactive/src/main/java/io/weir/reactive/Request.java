package io.weir.reactive;

import io.weir.core.identity.PeerId;
import io.weir.core.wire.Headers;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * A peer's request, as its {@link RequestHandler} sees it. May be kept as long as the handler's publisher lives, and read
 * from any thread.
 */
public interface Request {

    /** The session it came over. */
    PeerSession session();

    /** Who asks. */
    default PeerId peer() {
        return session().peer();
    }

    /** The peer's number of this request: unique within its session, rising. For logs. */
    long id();

    /** What it asks for: the name that selected the handler. */
    String route();

    /** What the peer says about it; its word, not verified. */
    Headers headers();

    /**
     * How much longer the requester waits for the answer, as it has said and by this node's clock: zero if it waits no longer;
     * empty if it did not say. Then the handler's publisher is cancelled, at the latest a 32nd of the whole time behind it. What the
     * handler asks in turn is given no more time, as long as it is subscribed to within what the handler returns. Any thread.
     */
    Optional<Duration> remaining();

    /**
     * The request's bytes, from position to limit. Read-only, never overwritten; each call returns a view of its own.
     */
    ByteBuffer payload();

    /**
     * The value that the payload means.
     *
     * @throws io.weir.core.error.CodecException if the codec cannot decode it
     */
    default <T> T decode(Codec<T> codec) {
        return codec.fromBytes(payload());
    }
}
