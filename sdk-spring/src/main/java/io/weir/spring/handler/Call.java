package io.weir.spring.handler;

import io.weir.core.wire.Headers;
import io.weir.reactive.Message;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.Request;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** One call of a handler, whatever its kind. */
sealed interface Call {

    /** What Weir has given the handler. */
    Object subject();

    /** The session it came over. */
    PeerSession session();

    /** What the peer says about it. */
    Headers headers();

    /** How much longer the peer waits, where it has said so. */
    default Optional<Duration> remaining() {
        return Optional.empty();
    }

    /** What a payload is read by. */
    @FunctionalInterface
    interface Payload {

        /** @throws io.weir.core.error.CodecException if that is no such value */
        <T> T decode(Codec<T> codec);
    }

    /**
     * A call with one payload.
     *
     * @param waiting how much longer, at the moment of asking
     */
    record OfPayload(
            Object subject, PeerSession session, Headers headers, Supplier<Optional<Duration>> waiting, Payload payload)
            implements Call {

        /** A request. */
        static OfPayload of(Request request) {
            return new OfPayload(request, request.session(), request.headers(), request::remaining, request::decode);
        }

        /** A message: nobody waits. */
        static OfPayload of(Message message) {
            return new OfPayload(message, message.session(), message.headers(), Optional::empty, message::decode);
        }

        @Override
        public Optional<Duration> remaining() {
            return waiting.get();
        }
    }

    /** A stream. */
    record OfStream(PeerStream subject) implements Call {
        @Override
        public PeerSession session() {
            return subject.session();
        }

        @Override
        public Headers headers() {
            return subject.headers();
        }

        /** What the peer sends. */
        <T> Flux<T> receive(Codec<T> codec) {
            return subject.receive(codec);
        }
    }
}
