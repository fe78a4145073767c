package io.weir.benchmarks.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One figure of one peer divided by that of another, round by round: the two windows of a round lie a few seconds apart,
 * so what moves a host within minutes cancels out.
 *
 * @param byRound one ratio for each round, in their order, at least one
 */
public record Ratios(List<Double> byRound) {
    /** Of the interval around the median: that it does not hold the true median has at most this probability. */
    private static final double DOUBT = 0.05;

    /**
     * Where the true median lies with a confidence of at least 95 %, whatever the distribution of the ratios is.
     *
     * @param low its lower end, one of the ratios
     * @param high its upper end, one of the ratios
     */
    public record Interval(double low, double high) {}

    public Ratios {
        byRound = List.copyOf(byRound);
        if (byRound.isEmpty()) {
            throw new IllegalArgumentException("ratios: none, legal: 1 and above");
        }
    }

    /** The ratios of the rounds in which both were measured: the first ones. */
    public static Ratios of(Figure figure, List<Window> above, List<Window> below) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(above.size(), below.size()); round++) {
            ratios.add(figure.of(above.get(round)) / figure.of(below.get(round)));
        }
        return new Ratios(ratios);
    }

    /** Their median. */
    public double median() {
        return Summary.of(sorted()).median();
    }

    /**
     * The interval between the k-th lowest and the k-th highest ratio, with the greatest k that keeps 95 %; nothing with
     * fewer than 6 ratios, of which even the extremes do not.
     *
     * <p>Each ratio lies below the true median with a probability of one half, so how many do is binomial, and the k-th
     * lowest lies above it only if fewer than k do (the interval that belongs to the sign test).
     */
    public Optional<Interval> interval() {
        double[] sorted = sorted();
        int n = sorted.length;
        double exactly = Math.pow(0.5, n);
        double fewer = 0;
        int k = 0;
        while (2 * (fewer + exactly) <= DOUBT) {
            fewer += exactly;
            exactly = exactly * (n - k) / (k + 1);
            k++;
        }
        return k == 0 ? Optional.empty() : Optional.of(new Interval(sorted[k - 1], sorted[n - k]));
    }

    /** How far the interval reaches from the median, to the farther side, as a share of it; infinite without interval. */
    public double spread() {
        double median = median();
        return interval()
                .map(found -> Math.max(median - found.low(), found.high() - median) / median)
                .orElse(Double.POSITIVE_INFINITY);
    }

    private double[] sorted() {
        double[] sorted = byRound.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
