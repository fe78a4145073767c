package io.weir.spring.handler;

import io.weir.reactive.MessageHandler;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.codec.Codec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A bean's method as a handler.
 *
 * @param bean whose method it is
 * @param method to be called
 * @param arguments of each parameter; one that does nothing in the place of the value
 * @param value what of the peer it takes; null if it takes nothing
 * @param answer what it returns
 * @param out codec of what it returns; null if it returns no values
 * @param endless whether what it sends never completes
 */
record HandlerMethod(
        Object bean,
        Method method,
        List<Argument> arguments,
        @Nullable ValueParameter value,
        Answer answer,
        @Nullable Codec<?> out,
        boolean endless) {

    /** It answers requests. */
    RequestHandler forRequests() {
        return request -> {
            Call.OfPayload call = Call.OfPayload.of(request);
            return Mono.from(called(call, value == null ? null : value.of(call)))
                    .map(this::encoded);
        };
    }

    /** It takes messages. */
    MessageHandler forMessages() {
        return message -> {
            Call.OfPayload call = Call.OfPayload.of(message);
            return Flux.from(called(call, value == null ? null : value.of(call)))
                    .then();
        };
    }

    /** It answers streams. */
    StreamHandler forStreams() {
        return stream -> {
            Call.OfStream call = new Call.OfStream(stream);
            Flux<?> sent = Flux.from(value == null ? called(call, null) : value.of(call, given -> called(call, given)));
            Flux<?> ending = endless ? stream.session().untilGoingAway(sent) : sent;
            return out == null ? ending.then() : stream.send(ending, any(out));
        };
    }

    private ByteBuffer encoded(Object result) {
        Codec<?> codec = out;
        if (codec == null) {
            throw new IllegalStateException(method + " has no values");
        }
        return ByteBuffer.wrap(any(codec).toBytes(result));
    }

    private Publisher<?> called(Call call, @Nullable Object given) {
        @Nullable Object[] all = new Object[arguments.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = value != null && value.index() == i
                    ? given
                    : arguments.get(i).in(call);
        }
        try {
            return answer.published(method.invoke(bean, all));
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getTargetException();
            Exceptions.throwIfFatal(thrown);
            return Mono.error(thrown);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot call " + method, e);
        }
    }

    /** The method's own signature has been read for the codec. */
    @SuppressWarnings("unchecked")
    private static Codec<Object> any(Codec<?> codec) {
        return (Codec<Object>) codec;
    }
}
