package io.weir.spring.client;

import io.weir.reactive.codec.Codec;
import io.weir.spring.ApplicationStop;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A client's method, as it was read.
 *
 * @param kind what it does
 * @param name the route of a request, or the name of a message or stream
 * @param arguments of each parameter
 * @param in codec of the value that it sends; null if it sends none
 * @param out codec of what comes back; null of messages
 * @param endless whether what comes back never completes by itself
 */
record ClientMethod(
        CallKind kind,
        String name,
        List<ClientArgument> arguments,
        @Nullable Codec<?> in,
        @Nullable Codec<?> out,
        boolean endless) {

    private static final byte[] NOTHING = new byte[0];

    /** One call of it: nothing happens before its result is subscribed to. */
    Publisher<?> call(Outgoing call, @Nullable Object[] given, ApplicationStop stop) {
        for (int i = 0; i < given.length; i++) {
            arguments.get(i).on(call, given[i]);
        }
        return switch (kind) {
            case REQUEST -> call.peer().request(name, value(call), codec(in), codec(out), call.options());
            case MESSAGE -> call.peer().send(name, call.headers(), value(call), codec(in));
            case STREAM -> endless ? opened(call).takeUntilOther(stop.begun()) : opened(call);
        };
    }

    private Flux<?> opened(Outgoing call) {
        if (in == null) {
            return call.peer().subscribe(call.open(name), call.config(), codec(out));
        }
        Object value = value(call);
        Publisher<?> values = value instanceof Publisher<?> several ? several : Mono.just(value);
        return call.peer().exchange(call.open(name), call.config(), values, codec(in), codec(out));
    }

    private Object value(Outgoing call) {
        return in == null ? NOTHING : Objects.requireNonNull(call.value(), "the value of " + name);
    }

    /** The method's own signature has been read for the codec; without one there are no bytes. */
    @SuppressWarnings("unchecked")
    private static Codec<Object> codec(@Nullable Codec<?> codec) {
        return (Codec<Object>) (codec == null ? Codec.bytes() : codec);
    }
}
