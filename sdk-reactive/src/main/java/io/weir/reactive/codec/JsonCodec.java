package io.weir.reactive.codec;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** {@link Codec#json}: the only class that needs Jackson, and so is only reached through {@link Jackson#json}. */
final class JsonCodec<T> implements Codec<T> {

    /** Immutable and thread safe, with Jackson's defaults. */
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    JsonCodec(Type type) {
        this.type = MAPPER.constructType(type);
        this.reader = MAPPER.readerFor(this.type);
        this.writer = MAPPER.writerFor(this.type);
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
        @Nullable T value = reader.readValue(BytesCodec.copy(payload));
        if (value == null) {
            throw new IllegalArgumentException("payload is a JSON null, must be a " + type.toCanonical());
        }
        return value;
    }
}
