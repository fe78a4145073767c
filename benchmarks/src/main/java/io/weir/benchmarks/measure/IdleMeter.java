package io.weir.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of a processor some processes used while they should have used none: their CPU time as a share of the time,
 * all of them together, so that 1 is one processor. One thread.
 */
public final class IdleMeter {
    private final List<Double> shares = new ArrayList<>();
    private long nanos;
    private long cpuNanos;

    /** Adds a time in which they were to be idle, and what CPU time they took meanwhile. */
    public void add(Duration elapsed, Duration cpu) {
        nanos += elapsed.toNanos();
        cpuNanos += cpu.toNanos();
        shares.add((double) cpu.toNanos() / elapsed.toNanos());
    }

    /** The share of all times together: how much they disturbed the others; 0 before anything was added. */
    public double share() {
        return nanos == 0 ? 0 : (double) cpuNanos / nanos;
    }

    /**
     * The median of each time's share: what they use again and again, and not what a compiler had left to do; 0 before
     * anything was added.
     */
    public double medianShare() {
        return shares.isEmpty()
                ? 0
                : Summary.of(shares.stream().mapToDouble(Double::doubleValue).toArray())
                        .median();
    }
}
