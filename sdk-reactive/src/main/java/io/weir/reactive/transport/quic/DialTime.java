package io.weir.reactive.transport.quic;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a dial may take in all: looking its name up, and all of its attempts until one has answered.
 *
 * @param limit as it was asked for
 * @param endNanos when it is over, by the clock
 * @param clock in ns
 */
record DialTime(Duration limit, long endNanos, LongSupplier clock) {

    /** One that begins now. */
    static DialTime of(Duration limit, LongSupplier clock) {
        return new DialTime(limit, clock.getAsLong() + limit.toNanos(), clock);
    }

    /** What is left of it, in ns: 0 or more. */
    long leftNanos() {
        return Math.max(0, endNanos - clock.getAsLong());
    }
}
