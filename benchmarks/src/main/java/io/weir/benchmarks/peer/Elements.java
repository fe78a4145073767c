package io.weir.benchmarks.peer;

import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/**
 * The production of elements, the same for every peer: one pre-made payload, wrapped anew for each element in the
 * peer's own type.
 */
public final class Elements {
    /** First byte of every payload. */
    public static final byte FIRST = 0x57;

    /** Last byte of every payload. */
    public static final byte LAST = 0x52;

    private Elements() {}

    /** The payload: {@link #FIRST}, a pattern, {@link #LAST}. */
    public static byte[] payload(int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 31);
        }
        payload[0] = FIRST;
        payload[length - 1] = LAST;
        return payload;
    }

    /**
     * An endless cold stream that honours demand: {@code request(n)} emits n elements before it returns.
     *
     * @param wrap makes the next element from the pre-made payload without copying it
     */
    public static <T> Flux<T> flux(Supplier<? extends T> wrap) {
        return Flux.generate(sink -> sink.next(wrap.get()));
    }
}
