package io.weir.spring.client;

import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.spring.WeirCodecs;
import io.weir.spring.WeirStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.convert.ConversionService;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads the signatures of clients' methods. */
final class ClientMethods {

    private final WeirCodecs codecs;
    private final ClientArguments arguments;
    private final UnaryOperator<String> placeholders;

    /** @param placeholders resolves those in names */
    ClientMethods(WeirCodecs codecs, ConversionService conversions, UnaryOperator<String> placeholders) {
        this.codecs = codecs;
        this.arguments = new ClientArguments(conversions);
        this.placeholders = placeholders;
    }

    /**
     * All that are no default methods.
     *
     * @throws InvalidClientException if one of them can be no call
     */
    Map<Method, ClientMethod> of(Class<?> type) {
        if (!type.isInterface()) {
            throw new InvalidClientException(type.getName() + " is no interface", "make it one");
        }
        Map<Method, ClientMethod> read = new HashMap<>();
        for (Method method : type.getMethods()) {
            if (!method.isDefault() && !Modifier.isStatic(method.getModifiers())) {
                read.put(method, read(type, method));
            }
        }
        return read;
    }

    private ClientMethod read(Class<?> type, Method method) {
        for (CallKind kind : CallKind.values()) {
            Annotation annotation = AnnotatedElementUtils.findMergedAnnotation(method, kind.annotation());
            if (annotation != null) {
                try {
                    return read(kind, annotation, type, method);
                } catch (IllegalArgumentException e) {
                    throw new InvalidClientException(
                            "the @" + kind.annotation().getSimpleName() + " method " + method.toGenericString() + ": "
                                    + e.getMessage(),
                            kind.legal());
                }
            }
        }
        throw new InvalidClientException(
                "the method " + method.toGenericString() + " of a client does nothing that a peer could be asked",
                "annotate it by @WeirRequest, @WeirMessage or @WeirStream, or make it a default method");
    }

    private ClientMethod read(CallKind kind, Annotation annotation, Class<?> type, Method method) {
        String name = placeholders.apply(String.valueOf(AnnotationUtils.getValue(annotation)));
        require(!name.isEmpty(), "its name is empty");
        StreamOpen.named(name); // checks it
        Codec<?> out = out(kind, ResolvableType.forMethodReturnType(method, type));
        Codec<?> in = null;
        List<ClientArgument> all = new ArrayList<>();
        for (int i = 0; i < method.getParameterCount(); i++) {
            MethodParameter parameter = new MethodParameter(method, i).withContainingClass(type);
            ClientArgument argument = arguments.of(kind, parameter);
            if (argument == null) {
                require(in == null, "two of its parameters would be the value that is sent, which is one");
                in = in(kind, ResolvableType.forMethodParameter(parameter));
                argument = ClientMethods::carry;
            }
            all.add(argument);
        }
        boolean endless = annotation instanceof WeirStream stream && stream.endless();
        return new ClientMethod(kind, name, List.copyOf(all), in, out, endless);
    }

    private static void carry(Outgoing call, @Nullable Object given) {
        if (given != null) {
            call.carry(given);
        }
    }

    private @Nullable Codec<?> out(CallKind kind, ResolvableType returned) {
        Class<?> wanted = kind == CallKind.STREAM ? Flux.class : Mono.class;
        require(returned.toClass() == wanted, "it returns " + returned + ", must return a " + wanted.getSimpleName());
        ResolvableType value = returned.getGeneric(0);
        require(value.resolve() != null, "it returns " + returned + ", whose values nobody knows the type of");
        boolean empty = value.toClass() == Void.class;
        require(empty || kind != CallKind.MESSAGE, "it returns " + returned + ", but nobody answers a message");
        require(!empty || kind != CallKind.REQUEST, "it returns " + returned + ", but a request has an answer");
        return empty ? null : codecs.of(value.getType());
    }

    private Codec<?> in(CallKind kind, ResolvableType parameter) {
        boolean several = Publisher.class.isAssignableFrom(parameter.toClass());
        require(
                !several || kind == CallKind.STREAM,
                "it takes " + parameter + ", but only streams take several values");
        ResolvableType value = several ? parameter.getGeneric(0) : parameter;
        require(
                value.resolve() != null && value.toClass() != Object.class,
                "it takes " + parameter + ", whose values nobody knows the type of");
        return codecs.of(value.getType());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
