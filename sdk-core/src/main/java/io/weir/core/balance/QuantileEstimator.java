package io.weir.core.balance;

import io.weir.core.error.Legal;

/**
 * Follows a quantile of a series of times in one number: each one that lies above raises it, each one below lowers it, in such
 * proportions that it rests where the quantile is (stochastic approximation, Robbins and Monro 1951; Ma, Muthukrishnan and
 * Sandler 2013). The steps are parts of the value, so that it follows microseconds as it follows seconds: about {@link #STEP} per
 * sample upwards, and for a high quantile much slower downwards, 90 samples for a tenth at the 95th percentile. The value may be
 * shared by compare-and-set.
 *
 * @param quantile 0.5 to 0.999
 */
public record QuantileEstimator(double quantile) {

    /** The largest change by one sample, as a part of the value. */
    public static final double STEP = 0.025;

    private static final double LEAST = 0.5;
    private static final double MOST = 0.999;

    public QuantileEstimator {
        Legal.range("quantile", quantile, LEAST, MOST);
    }

    /**
     * The estimate after one sample more.
     *
     * @param estimateNanos 0: there is none yet
     * @param sampleNanos negative counts as 1
     * @return 1 or more
     */
    public long after(long estimateNanos, long sampleNanos) {
        long sample = Math.max(sampleNanos, 1);
        if (estimateNanos <= 0) {
            return sample;
        }
        if (sample > estimateNanos) {
            double up = Math.max(1, estimateNanos * STEP * quantile);
            return (long) Math.min(estimateNanos + up, sample);
        }
        double down = estimateNanos * STEP * (1 - quantile);
        return Math.max(1, (long) Math.max(estimateNanos - down, sample));
    }
}
