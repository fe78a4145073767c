package io.weir.benchmarks.measure;

/**
 * How long replies took, in ns: half of them at most {@code p50Nanos}, and so on.
 *
 * @param p50Nanos the median
 * @param p99Nanos 99 of 100 took at most this
 * @param p999Nanos 999 of 1,000 took at most this
 * @param maxNanos the longest
 */
public record Percentiles(double p50Nanos, double p99Nanos, double p999Nanos, double maxNanos) {}
