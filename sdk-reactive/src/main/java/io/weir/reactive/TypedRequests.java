package io.weir.reactive;

import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@link RequestHandler#typed}. */
record TypedRequests<A, B>(
        Codec<A> in, Codec<B> out, BiFunction<? super Request, ? super A, ? extends Publisher<? extends B>> answer)
        implements RequestHandler {

    TypedRequests {
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(answer, "answer");
    }

    @Override
    public Publisher<ByteBuffer> handle(Request request) {
        Publisher<? extends B> values = Objects.requireNonNull(
                answer.apply(request, request.decode(in)), "the function returned null, must be a publisher");
        return values instanceof Mono<? extends B> one
                ? one.map(this::encode)
                : Flux.from(values).map(this::encode);
    }

    private ByteBuffer encode(B value) {
        return ByteBuffer.wrap(out.toBytes(value));
    }
}
