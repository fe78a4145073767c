package io.weir.reactive;

import io.weir.core.identity.PeerId;
import io.weir.core.wire.Headers;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A one-way message from a peer.
 *
 * @param session the session it came over
 * @param name what it is for
 * @param headers what the peer says about it; its word, not verified
 * @param payload its bytes, from position to limit: read-only, never overwritten; each call returns a view of its own
 */
public record Message(PeerSession session, String name, Headers headers, ByteBuffer payload) {

    public Message {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(headers, "headers");
        payload = payload.isReadOnly() ? payload : payload.asReadOnlyBuffer();
    }

    /** Who sent it. */
    public PeerId peer() {
        return session.peer();
    }

    /** The same with these headers. */
    public Message withHeaders(Headers newHeaders) {
        return new Message(session, name, newHeaders, payload);
    }

    @Override
    public ByteBuffer payload() {
        return payload.slice();
    }

    /**
     * The value that the payload means.
     *
     * @throws io.weir.core.error.CodecException if the codec cannot decode it
     */
    public <T> T decode(Codec<T> codec) {
        return codec.fromBytes(payload());
    }
}
