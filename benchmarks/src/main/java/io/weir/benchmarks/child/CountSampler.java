package io.weir.benchmarks.child;

import io.weir.benchmarks.measure.CountSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Reads a count every 25 ms in a thread of its own, from its construction on, for at most ten minutes. */
final class CountSampler {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int MAX_POINTS = 24_000;

    private final long beginNanos = System.nanoTime();
    private final List<CountSeries.Point> points = new ArrayList<>();

    /** Begins to read that count. */
    static CountSampler start(LongSupplier count) {
        CountSampler sampler = new CountSampler();
        Thread thread = new Thread(() -> sampler.run(count), "count-sampler");
        thread.setDaemon(true);
        thread.start();
        return sampler;
    }

    /** What was read so far. Any thread. */
    CountSeries series() {
        synchronized (points) {
            return new CountSeries(points);
        }
    }

    private void run(LongSupplier count) {
        for (int i = 0; i < MAX_POINTS; i++) {
            CountSeries.Point point = new CountSeries.Point(System.nanoTime() - beginNanos, count.getAsLong());
            synchronized (points) {
                points.add(point);
            }
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }
}
