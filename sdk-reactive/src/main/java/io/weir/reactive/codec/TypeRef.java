package io.weir.reactive.codec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

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

    /** The type named in the subclass. */
    public final Type type() {
        return type;
    }

    @Override
    public final String toString() {
        return "TypeRef<" + type.getTypeName() + ">";
    }
}
