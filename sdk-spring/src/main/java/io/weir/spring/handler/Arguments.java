package io.weir.spring.handler;

import io.weir.core.error.CodecException;
import io.weir.core.identity.PeerId;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerSession;
import io.weir.spring.WeirDeadline;
import io.weir.spring.WeirHeader;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;

/** Knows of parameters which are not the value that the peer sent. */
final class Arguments {

    private final ConversionService conversions;

    /** @param conversions of headers */
    Arguments(ConversionService conversions) {
        this.conversions = conversions;
    }

    /**
     * Where a parameter is taken from; null if it is the value.
     *
     * @throws IllegalArgumentException if that cannot be: the message says what is wrong with it
     */
    @Nullable
    Argument of(HandlerKind kind, MethodParameter parameter) {
        WeirHeader header = parameter.getParameterAnnotation(WeirHeader.class);
        if (header != null) {
            return header(header, parameter);
        }
        Class<?> type = parameter.getParameterType();
        if (parameter.hasParameterAnnotation(WeirDeadline.class)) {
            return deadline(kind, parameter);
        }
        if (type == kind.subject()) {
            return Call::subject;
        }
        if (type == PeerId.class) {
            return call -> call.session().peer();
        }
        if (type == PeerSession.class) {
            return Call::session;
        }
        return type == Headers.class ? Call::headers : null;
    }

    private static Argument deadline(HandlerKind kind, MethodParameter parameter) {
        if (kind != HandlerKind.REQUEST) {
            throw new IllegalArgumentException("it has a @WeirDeadline, which only requests have");
        }
        if (parameter.getParameterType() != Optional.class
                || parameter.nested().getNestedParameterType() != Duration.class) {
            throw new IllegalArgumentException("its @WeirDeadline is "
                    + parameter.getGenericParameterType().getTypeName()
                    + ", must be Optional<Duration>: not everyone says how long he waits");
        }
        return Call::remaining;
    }

    private Argument header(WeirHeader header, MethodParameter parameter) {
        boolean optional = parameter.getParameterType() == Optional.class;
        TypeDescriptor target = new TypeDescriptor(optional ? parameter.nested() : parameter);
        if (!conversions.canConvert(TypeDescriptor.valueOf(String.class), target)) {
            throw new IllegalArgumentException(
                    "its @WeirHeader(\"" + header.value() + "\") is " + target + ", which Spring converts no text to");
        }
        boolean nullable = parameter.isOptional();
        String fallback = WeirHeader.NONE.equals(header.defaultValue()) ? null : header.defaultValue();
        return call -> {
            String text = call.headers().text(header.value());
            Object value =
                    text != null || fallback != null ? converted(header, text != null ? text : fallback, target) : null;
            if (value == null && !nullable) {
                throw CodecException.decode(new IllegalArgumentException("header " + header.value() + " is absent"));
            }
            return optional ? Optional.ofNullable(value) : value;
        };
    }

    private @Nullable Object converted(WeirHeader header, @Nullable String text, TypeDescriptor target) {
        try {
            return conversions.convert(text, TypeDescriptor.valueOf(String.class), target);
        } catch (ConversionException e) {
            throw CodecException.decode(
                    new IllegalArgumentException("header " + header.value() + " is no " + target, e));
        }
    }
}
