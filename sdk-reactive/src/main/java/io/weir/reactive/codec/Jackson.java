package io.weir.reactive.codec;

import java.lang.reflect.Type;
import java.util.Objects;

/** The door to the optional dependency. It names no class of Jackson, so it loads without the artifact. */
final class Jackson {

    private static final String ARTIFACT = "tools.jackson.core:jackson-databind";
    private static final String CLASS = "tools.jackson.databind.json.JsonMapper";

    private Jackson() {}

    /** @throws IllegalStateException if Jackson is not on the class path */
    static <T> Codec<T> json(Type type) {
        Objects.requireNonNull(type, "type");
        try {
            Class.forName(CLASS, false, Jackson.class.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(
                    "JSON codecs need Jackson 3: add " + ARTIFACT + " to the class path", missing);
        }
        return new JsonCodec<>(type);
    }
}
