package io.weir.benchmarks.measure;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Median, least and greatest of some windows' values. */
public record Summary(double median, double min, double max) {

    /** The summary of at least one value; of an even number the median is the mean of the middle two. */
    public static Summary of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("values: none, legal: 1 and above");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Summary(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** The summary of one quantity over windows. */
    public static Summary of(List<Window> windows, ToDoubleFunction<Window> quantity) {
        return of(windows.stream().mapToDouble(quantity).toArray());
    }
}
