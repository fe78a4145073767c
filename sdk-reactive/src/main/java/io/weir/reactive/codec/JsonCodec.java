package io.weir.reactive.codec;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/** {@link Codec#json}: the only class that needs Jackson, and so is only reached through {@link Jackson#json}. */
final class JsonCodec<T> implements Codec<T> {

    /** Immutable and thread safe, with Jackson's defaults. */
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    JsonCodec(Type type) {
        this(type, MAPPER);
    }

    private JsonCodec(Type type, JsonMapper mapper) {
        this.type = mapper.constructType(type);
        this.reader = mapper.readerFor(this.type);
        this.writer = mapper.writerFor(this.type);
    }

    /** @throws IllegalArgumentException if that is no {@link JsonMapper} */
    static <T> Codec<T> by(@Nullable Object mapper, Type type) {
        if (!(mapper instanceof JsonMapper given)) {
            throw new IllegalArgumentException(
                    "mapper is " + (mapper == null ? "null" : mapper.getClass().getName()) + ", must be a "
                            + JsonMapper.class.getName());
        }
        return new JsonCodec<>(type, given);
    }

    @Override
    public ByteBuffer encode(T value) {
        return ByteBuffer.wrap(writer.writeValueAsBytes(Objects.requireNonNull(value, "value")));
    }

    @Override
    public boolean keepsEncoded() {
        return true;
    }

    @Override
    public boolean keepsPayload() {
        return false;
    }

    @Override
    public T decode(ByteBuffer payload) {
        @Nullable T value;
        try {
            value = reader.readValue(BytesCodec.copy(payload));
        } catch (MismatchedInputException e) {
            throw explained(e);
        }
        if (value == null) {
            throw new IllegalArgumentException("payload is a JSON null, must be a " + type.toCanonical());
        }
        return value;
    }

    /** Says of a primitive that is absent or null which property it is, and what helps; Jackson's text says to lower its guard. */
    private static RuntimeException explained(MismatchedInputException e) {
        Class<?> wanted = e.getTargetType();
        JsonToken token = e.getCurrentToken();
        boolean absent = token == JsonToken.END_OBJECT;
        if (wanted == null
                || !wanted.isPrimitive()
                || e.getPath().isEmpty()
                || !absent && token != JsonToken.VALUE_NULL) {
            return e;
        }
        return new IllegalArgumentException(
                e.getPathReference() + " is " + (absent ? "absent" : "null") + ", which " + wanted
                        + " cannot be: it must be sent, or declared with a type that may be absent, such as Integer, Double,"
                        + " Boolean or Optional",
                e);
    }
}
