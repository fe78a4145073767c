package io.weir.spring;

import io.weir.reactive.codec.Codec;
import io.weir.reactive.codec.TypeRef;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.core.ParameterizedTypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The codecs of handlers and clients: text for {@code String}, bytes as they are for {@code byte[]} and {@code ByteBuffer}, and JSON by
 * the application's own {@link JsonMapper} for every other type. A bean. Any thread.
 */
public final class WeirCodecs {

    private static final Map<Type, Codec<?>> PLAIN =
            Map.of(String.class, Codec.utf8(), byte[].class, Codec.bytes(), ByteBuffer.class, Codec.buffers());

    private final Supplier<JsonMapper> mapper;

    /** @param mapper asked for each codec that is made */
    public WeirCodecs(Supplier<JsonMapper> mapper) {
        this.mapper = Objects.requireNonNull(mapper, "mapper");
    }

    /** The codec of that type. */
    @SuppressWarnings("unchecked") // what is made for a class is one of its values
    public <T> Codec<T> of(Class<T> type) {
        return (Codec<T>) of((Type) type);
    }

    /** The codec of a type with type arguments. */
    @SuppressWarnings("unchecked") // as above
    public <T> Codec<T> of(ParameterizedTypeReference<T> type) {
        return (Codec<T>) of(type.getType());
    }

    /** The codec of a type that is known only when the program runs, such as that of a method's parameter. */
    public Codec<?> of(Type type) {
        Codec<?> plain = PLAIN.get(type);
        return plain != null ? plain : Codec.json(TypeRef.of(type), mapper);
    }
}
