package io.weir.test.assertj;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Looks whether a Mono has its value already. */
final class Peek {

    private Peek() {}

    /** Its value, or null if there is none at this moment. */
    static <T> @Nullable T into(Mono<T> source) {
        AtomicReference<@Nullable T> value = new AtomicReference<>();
        source.subscribe(value::set).dispose();
        return value.get();
    }
}
