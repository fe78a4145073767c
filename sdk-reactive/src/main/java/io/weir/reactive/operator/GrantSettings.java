package io.weir.reactive.operator;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.reactivestreams.Publisher;

/** What {@link CreditGrant} was told, validated once for all its subscriptions. */
record GrantSettings<T>(
        CreditWindow window,
        ToIntFunction<? super T> sizeOf,
        Publisher<Blocked> blocked,
        Consumer<? super Grant> grants) {

    GrantSettings {
        Objects.requireNonNull(window, "window");
        Objects.requireNonNull(sizeOf, "sizeOf");
        Objects.requireNonNull(blocked, "blocked");
        Objects.requireNonNull(grants, "grants");
    }
}
