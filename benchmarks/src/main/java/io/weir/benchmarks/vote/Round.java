package io.weir.benchmarks.vote;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What one contestant has done in one round.
 *
 * @param answers how many came
 * @param lasted how long it took
 * @param latencies of each answer, in nanoseconds
 */
record Round(long answers, Duration lasted, Histogram latencies) {

    private static final double SECOND_NANOS = 1e9;
    private static final double MICRO_NANOS = 1e3;

    double perSecond() {
        return answers * SECOND_NANOS / lasted.toNanos();
    }

    double micros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / MICRO_NANOS;
    }
}
