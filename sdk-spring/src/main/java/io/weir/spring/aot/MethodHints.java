package io.weir.spring.aot;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.core.ResolvableType;

/** The hints of one method of a handler or client: that it is called, and that its values are read and written as JSON. */
public final class MethodHints {

    private MethodHints() {}

    /** Adds them. */
    public static void add(RuntimeHints hints, Method method) {
        hints.reflection().registerMethod(method, ExecutableMode.INVOKE);
        Type[] values = Stream.concat(
                        Arrays.stream(method.getGenericParameterTypes()), Stream.of(method.getGenericReturnType()))
                .map(MethodHints::value)
                .filter(MethodHints::isBound)
                .map(ResolvableType::getType)
                .toArray(Type[]::new);
        new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), values);
    }

    /** What a publisher, or an Optional, is of. */
    private static ResolvableType value(Type declared) {
        ResolvableType type = ResolvableType.forType(declared);
        Class<?> raw = type.toClass();
        return Publisher.class.isAssignableFrom(raw) || raw == Optional.class ? type.getGeneric(0) : type;
    }

    /** Weir's own types are no values, and text and bytes are not JSON. */
    private static boolean isBound(ResolvableType type) {
        Class<?> raw = type.resolve();
        return raw != null
                && !raw.isPrimitive()
                && raw != Void.class
                && !raw.getName().startsWith("io.weir.core.")
                && !raw.getName().startsWith("io.weir.reactive.");
    }
}
