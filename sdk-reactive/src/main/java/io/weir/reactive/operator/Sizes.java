package io.weir.reactive.operator;

import java.util.function.ToIntFunction;

/** Asks the user's function for an element's size and holds it to its contract. */
final class Sizes {

    private Sizes() {}

    static <T> int size(ToIntFunction<? super T> sizeOf, T value) {
        int size = sizeOf.applyAsInt(value);
        if (size < 0) {
            throw new IllegalArgumentException("sizeOf gave " + size + ", must be 0 or more");
        }
        return size;
    }
}
