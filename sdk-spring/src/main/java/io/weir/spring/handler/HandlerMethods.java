package io.weir.spring.handler;

import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.spring.WeirCodecs;
import io.weir.spring.handler.ValueParameter.Form;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionService;
import org.springframework.util.ReflectionUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads the signatures of handlers' methods. */
final class HandlerMethods {

    private static final Argument NOTHING = call -> null;

    private final WeirCodecs codecs;
    private final Arguments arguments;

    HandlerMethods(WeirCodecs codecs, ConversionService conversions) {
        this.codecs = codecs;
        this.arguments = new Arguments(conversions);
    }

    /**
     * The method as a handler.
     *
     * @param type the class that was found to have it
     * @throws InvalidHandlerException if it can be none
     */
    HandlerMethod read(HandlerKind kind, String name, Object bean, Class<?> type, Method method, boolean endless) {
        try {
            StreamOpen.named(name); // checks it
            if (name.isEmpty()) {
                throw new IllegalArgumentException("its name is empty");
            }
            Answer answer = answer(kind, ResolvableType.forMethodReturnType(method, type));
            Codec<?> out = answer.type() == null ? null : codecs.of(answer.type());
            List<Argument> all = new ArrayList<>();
            ValueParameter value = null;
            for (int i = 0; i < method.getParameterCount(); i++) {
                MethodParameter parameter = new MethodParameter(method, i).withContainingClass(type);
                Argument argument = arguments.of(kind, parameter);
                if (argument == null && value != null) {
                    throw new IllegalArgumentException("its parameters " + value.index() + " and " + i
                            + " would both be the value that the peer sends, which is one");
                }
                value = argument == null ? value(kind, i, ResolvableType.forMethodParameter(parameter)) : value;
                all.add(argument == null ? NOTHING : argument);
            }
            ReflectionUtils.makeAccessible(method);
            return new HandlerMethod(bean, method, List.copyOf(all), value, answer, out, endless);
        } catch (IllegalArgumentException e) {
            throw new InvalidHandlerException(method, kind, String.valueOf(e.getMessage()));
        }
    }

    private static Answer answer(HandlerKind kind, ResolvableType returned) {
        Answer answer = Answer.of(returned);
        boolean empty = answer.type() == null;
        switch (kind) {
            case REQUEST -> {
                require(!empty, "it returns " + returned + ", but a request has an answer");
                require(
                        !answer.isMany(),
                        "it returns " + returned + ", but a request has one answer, and a stream many");
            }
            case MESSAGE -> require(empty, "it returns " + returned + ", but nobody waits for an answer to a message");
            case STREAM -> require(!answer.isWaitedFor(), "it returns " + returned + ", which is no publisher");
        }
        return answer;
    }

    private ValueParameter value(HandlerKind kind, int index, ResolvableType parameter) {
        Class<?> raw = parameter.toClass();
        Form form = raw == Mono.class ? Form.MONO : Publisher.class.isAssignableFrom(raw) ? Form.FLUX : Form.PLAIN;
        String place = "its parameter " + index + " is " + parameter;
        require(form != Form.FLUX || kind == HandlerKind.STREAM, place + ", but only streams bring several values");
        require(form != Form.FLUX || raw == Flux.class || raw == Publisher.class, place + ", must be a Flux");
        ResolvableType type = form == Form.PLAIN ? parameter : parameter.getGeneric(0);
        Class<?> resolved = type.resolve();
        require(resolved != null, place + ", whose values nobody knows the type of");
        require(isValue(resolved), place + ", which is no value that a peer could send");
        return new ValueParameter(index, form, codecs.of(type.getType()));
    }

    /** Weir's own types are given to those that may have them, and sent by nobody. */
    private static boolean isValue(@Nullable Class<?> type) {
        return type != null
                && type != Void.class
                && !type.getName().startsWith("io.weir.core.")
                && !type.getName().startsWith("io.weir.reactive.");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
