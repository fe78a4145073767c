package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.CountSeries;
import io.weir.benchmarks.measure.Summary;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How long fresh pairs of processes took to {@link #SHARE} of their full speed.
 *
 * @param observations one for each fresh pair
 */
public record ColdStart(List<Observation> observations) {
    /** The share of full speed that counts as warm. */
    public static final double SHARE = 0.8;

    /**
     * One fresh pair.
     *
     * @param fullSpeed elements or replies a second of a warm pair at about the same time
     * @param seconds from just before the client connected to {@link #SHARE} of that; nothing if it was not reached
     * @param observedSeconds for how long the pair was observed
     * @param series what had arrived when, from that beginning on
     */
    public record Observation(double fullSpeed, OptionalDouble seconds, int observedSeconds, CountSeries series) {}

    public ColdStart {
        observations = List.copyOf(observations);
    }

    /** This, if there is anything in it. */
    public Optional<ColdStart> ifAny() {
        return observations.isEmpty() ? Optional.empty() : Optional.of(this);
    }

    /** Seconds, of which those that were not reached count as more than any other: infinite where the median is such. */
    public Summary seconds() {
        return Summary.of(observations.stream()
                .mapToDouble(observation -> observation.seconds().orElse(Double.POSITIVE_INFINITY))
                .toArray());
    }
}
