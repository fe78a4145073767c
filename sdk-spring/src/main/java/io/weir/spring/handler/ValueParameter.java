package io.weir.spring.handler;

import io.weir.core.error.CodecException;
import io.weir.reactive.codec.Codec;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The parameter of a handler's method that takes what the peer has sent.
 *
 * @param index among the parameters
 * @param form how it takes it
 * @param codec of its type
 */
record ValueParameter(int index, Form form, Codec<?> codec) {

    /** How values are taken. */
    enum Form {
        /** One, as it is. */
        PLAIN,
        /** One, as a {@code Mono}. */
        MONO,
        /** All of them, as a {@code Flux}. */
        FLUX
    }

    /**
     * Of a request or message.
     *
     * @throws CodecException if its payload is no such value
     */
    Object of(Call.OfPayload call) {
        Object value = call.payload().decode(codec);
        return form == Form.MONO ? Mono.just(value) : value;
    }

    /** Gives what a stream brings to the method, at once or, where it takes one value as it is, when that has come. */
    Publisher<?> of(Call.OfStream call, Function<Object, Publisher<?>> method) {
        Flux<?> received = call.receive(codec);
        return switch (form) {
            case FLUX -> method.apply(received);
            case MONO -> method.apply(received.next());
            case PLAIN ->
                received.next()
                        .<Object>map(value -> value)
                        .switchIfEmpty(Mono.error(ValueParameter::nothingCame))
                        .flatMapMany(method);
        };
    }

    private static CodecException nothingCame() {
        return CodecException.decode(new IllegalArgumentException("no value came on the stream, which wants one"));
    }
}
