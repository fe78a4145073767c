package io.weir.reactive.operator;

import io.weir.core.wire.VarInt;
import java.util.Objects;

/**
 * An element as it crosses the wire between {@link Reliability#send} and {@link Reliability#acknowledge}.
 *
 * @param number the number of this sending of it, 0 to 2^62 - 1; one that is sent again gets another
 * @param value the element
 */
public record Numbered<T>(long number, T value) {

    public Numbered {
        if (number < 0 || number > VarInt.MAX) {
            throw new IllegalArgumentException("number is " + number + ", must be 0 to " + VarInt.MAX);
        }
        Objects.requireNonNull(value, "value");
    }
}
