package io.weir.reactive.operator;

import io.weir.core.credit.Cost;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.reactivestreams.Publisher;

/** What {@link CreditGate} was told, validated once for all its subscriptions. */
record GateSettings<T>(
        Publisher<Grant> grants,
        ToIntFunction<? super T> sizeOf,
        long initialLimit,
        Consumer<? super Blocked> onBlocked) {

    GateSettings {
        Objects.requireNonNull(grants, "grants");
        Objects.requireNonNull(sizeOf, "sizeOf");
        Objects.requireNonNull(onBlocked, "onBlocked");
        if (initialLimit < 0 || initialLimit > Cost.MAX_OFFSET) {
            throw new IllegalArgumentException("initialLimit is " + initialLimit + ", must be 0.." + Cost.MAX_OFFSET);
        }
    }
}
