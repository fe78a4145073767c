package io.weir.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much of some counters that only rise is in sums already, so that nothing is counted twice, nor lost, however many threads look
 * at once and with whichever of two readings first. Any thread.
 */
final class Counted {

    private final AtomicLongArray counted;

    /** Of so many counters, each at 0. */
    Counted(int counters) {
        counted = new AtomicLongArray(counters);
    }

    /** How much more this reading of a counter is than all before; 0 if one was as much. */
    long more(int counter, long reading) {
        return Math.max(0, reading - counted.getAndAccumulate(counter, reading, Math::max));
    }
}
