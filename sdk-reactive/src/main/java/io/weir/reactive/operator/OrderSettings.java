package io.weir.reactive.operator;

import io.weir.core.reliability.ReceiveSequencer;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** What {@link Reliability#order} was told, validated once for all its subscriptions. */
record OrderSettings<T>(ToLongFunction<? super T> position, int bound, Consumer<? super Gap> gaps) {

    OrderSettings {
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(gaps, "gaps");
        if (bound < 0 || bound > ReceiveSequencer.MOST) {
            throw new IllegalArgumentException("bound is " + bound + ", must be 0 to " + ReceiveSequencer.MOST);
        }
    }
}
