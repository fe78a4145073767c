package io.weir.spring.handler;

import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a handler's method returns.
 *
 * @param type of each value; null if there are none
 * @param adapter makes a publisher of it; null if it is the value itself, which is waited for
 */
record Answer(@Nullable Type type, @Nullable ReactiveAdapter adapter) {

    /**
     * Of a method.
     *
     * @param returned its return type, with the type arguments that its class has
     * @throws IllegalArgumentException if nobody can tell the type of the values
     */
    static Answer of(ResolvableType returned) {
        Class<?> raw = returned.toClass();
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
        if (adapter == null) {
            return new Answer(isVoid(raw) ? null : returned.getType(), null);
        }
        if (adapter.isNoValue()) {
            return new Answer(null, adapter);
        }
        ResolvableType value = returned.getGeneric(0);
        if (value.resolve() == null) {
            throw new IllegalArgumentException("it returns " + returned + ", whose values nobody knows the type of");
        }
        return new Answer(isVoid(value.toClass()) ? null : value.getType(), adapter);
    }

    private static boolean isVoid(Class<?> type) {
        return type == void.class || type == Void.class;
    }

    /** Whether the method may block, since it returns no publisher. */
    boolean isWaitedFor() {
        return adapter == null;
    }

    /** Whether there may be more than one value. */
    boolean isMany() {
        return adapter != null && adapter.isMultiValue();
    }

    /** What a call has returned, as a publisher. */
    Publisher<?> published(@Nullable Object result) {
        if (adapter == null) {
            return Mono.justOrEmpty(result);
        }
        Publisher<?> published = adapter.toPublisher(
                Objects.requireNonNull(result, "the handler's method returned null, must be a publisher"));
        return adapter.isMultiValue() ? Flux.from(published) : Mono.from(published);
    }
}
