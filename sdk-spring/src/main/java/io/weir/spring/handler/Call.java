package io.weir.spring.handler;

import io.weir.core.wire.Headers;
import io.weir.reactive.Message;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.Request;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.Optional;
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

    /** A call with one payload. */
    sealed interface OfPayload extends Call {

        /** @throws io.weir.core.error.CodecException if that is no such value */
        <T> T decode(Codec<T> codec);
    }

    /** A request. */
    record OfRequest(Request subject) implements OfPayload {
        @Override
        public PeerSession session() {
            return subject.session();
        }

        @Override
        public Headers headers() {
            return subject.headers();
        }

        @Override
        public Optional<Duration> remaining() {
            return subject.remaining();
        }

        @Override
        public <T> T decode(Codec<T> codec) {
            return subject.decode(codec);
        }
    }

    /** A one-way message. */
    record OfMessage(Message subject) implements OfPayload {
        @Override
        public PeerSession session() {
            return subject.session();
        }

        @Override
        public Headers headers() {
            return subject.headers();
        }

        @Override
        public <T> T decode(Codec<T> codec) {
            return subject.decode(codec);
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
