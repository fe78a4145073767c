package io.weir.reactive.codec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Objects;

/**
 * A type with its type arguments, which a class literal cannot name: {@code new TypeRef<List<Quote>>() {}}.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T> {

    private final Type type;

    /** @throws IllegalStateException if the subclass names no type argument */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType named)
                || named.getRawType() != TypeRef.class) {
            throw new IllegalStateException(
                    "TypeRef without a type argument; write it as new TypeRef<List<String>>() {}");
        }
        this.type = named.getActualTypeArguments()[0];
    }

    private TypeRef(Type type) {
        this.type = Objects.requireNonNull(type, "type");
    }

    /** A type that is known only when the program runs, as frameworks find it in a method's signature. */
    public static TypeRef<?> of(Type type) {
        return new Found(type);
    }

    /** The type named in the subclass, or given. */
    public final Type type() {
        return type;
    }

    @Override
    public final String toString() {
        return "TypeRef<" + type.getTypeName() + ">";
    }

    private static final class Found extends TypeRef<Object> {
        Found(Type type) {
            super(type);
        }
    }
}
