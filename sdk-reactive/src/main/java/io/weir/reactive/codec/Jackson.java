package io.weir.reactive.codec;

import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.Supplier;

/** The door to the optional dependency. It names no class of Jackson, so it loads without the artifact. */
final class Jackson {

    private static final String ARTIFACT = "tools.jackson.core:jackson-databind";
    private static final String CLASS = "tools.jackson.databind.json.JsonMapper";

    private Jackson() {}

    /** By Jackson's defaults. */
    static <T> Codec<T> json(Type type) {
        checkPresent(type);
        return new JsonCodec<>(type);
    }

    /** By what the supplier gives, a {@code JsonMapper}. */
    static <T> Codec<T> json(Type type, Supplier<?> mapper) {
        checkPresent(type);
        return JsonCodec.by(mapper.get(), type);
    }

    /** @throws IllegalStateException if Jackson is not on the class path */
    private static void checkPresent(Type type) {
        Objects.requireNonNull(type, "type");
        try {
            Class.forName(CLASS, false, Jackson.class.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(
                    "JSON codecs need Jackson 3: add " + ARTIFACT + " to the class path", missing);
        }
    }
}
