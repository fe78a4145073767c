package io.weir.reactive.codec;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Function;

/** {@link Codec#of}. */
record FunctionCodec<T>(
        Function<? super T, ? extends ByteBuffer> encoder, Function<? super ByteBuffer, ? extends T> decoder)
        implements Codec<T> {

    FunctionCodec {
        Objects.requireNonNull(encoder, "encoder");
        Objects.requireNonNull(decoder, "decoder");
    }

    @Override
    public ByteBuffer encode(T value) {
        return encoder.apply(value);
    }

    @Override
    public T decode(ByteBuffer payload) {
        return decoder.apply(payload);
    }
}
