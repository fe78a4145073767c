package io.weir.spring.client;

import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerCalls;
import io.weir.spring.WeirDeadline;
import io.weir.spring.WeirHeader;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;

/** Knows of parameters which are not the value that is sent. */
final class ClientArguments {

    private static final TypeDescriptor TEXT = TypeDescriptor.valueOf(String.class);

    private final ConversionService conversions;

    /** @param conversions of headers */
    ClientArguments(ConversionService conversions) {
        this.conversions = conversions;
    }

    /**
     * What a parameter is for; null if it is the value.
     *
     * @throws IllegalArgumentException if that cannot be: the message says what is wrong with it
     */
    @Nullable
    ClientArgument of(CallKind kind, MethodParameter parameter) {
        WeirHeader header = parameter.getParameterAnnotation(WeirHeader.class);
        if (header != null) {
            return header(header.value(), parameter);
        }
        Class<?> type = parameter.getParameterType();
        if (parameter.hasParameterAnnotation(WeirDeadline.class)) {
            require(kind == CallKind.REQUEST, "it has a @WeirDeadline, which only requests have");
            require(type == Duration.class, "its @WeirDeadline is " + type.getName() + ", must be a Duration");
            return given(Duration.class, Outgoing::within);
        }
        if (type == Headers.class) {
            return given(Headers.class, Outgoing::add);
        }
        if (type == StreamConfig.class) {
            require(kind == CallKind.STREAM, "it takes a StreamConfig, which only streams have");
            return given(StreamConfig.class, Outgoing::configure);
        }
        if (PeerCalls.class.isAssignableFrom(type)) {
            return given(PeerCalls.class, Outgoing::ask);
        }
        return null;
    }

    /** Null says nothing. */
    private static <T> ClientArgument given(Class<T> type, BiConsumer<Outgoing, T> set) {
        return (call, given) -> {
            if (given != null) {
                set.accept(call, type.cast(given));
            }
        };
    }

    private ClientArgument header(String name, MethodParameter parameter) {
        boolean optional = parameter.getParameterType() == Optional.class;
        TypeDescriptor source = new TypeDescriptor(optional ? parameter.nested() : parameter);
        require(
                conversions.canConvert(source, TEXT),
                "its @WeirHeader(\"" + name + "\") is " + source + ", which Spring converts to no text");
        return (call, given) -> {
            Object value = given instanceof Optional<?> maybe ? maybe.orElse(null) : given;
            if (value != null) {
                call.add(name, text(value, source));
            }
        };
    }

    private String text(Object value, TypeDescriptor source) {
        return Objects.requireNonNull((String) conversions.convert(value, source, TEXT), "a header's text");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
