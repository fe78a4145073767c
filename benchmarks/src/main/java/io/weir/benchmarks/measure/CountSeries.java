package io.weir.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * How many elements or replies a process had received at which moment, from a stated beginning on.
 *
 * @param points in the order of time, the first of them at least 0 ns after the beginning
 */
public record CountSeries(List<Point> points) {
    /** Over how long a rate is taken: longer than a burst out of a full socket buffer, shorter than a warm-up. */
    private static final long STRETCH_NANOS = 250_000_000L;

    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * A count at a moment.
     *
     * @param nanos since the beginning
     * @param count elements or replies since then
     */
    public record Point(long nanos, long count) {}

    public CountSeries {
        points = List.copyOf(points);
    }

    /**
     * Seconds from the beginning to the first quarter of a second over which at least so many a second came, to the
     * beginning of that quarter; nothing if there is none.
     */
    public OptionalDouble secondsTo(double perSecond) {
        int end = 0;
        for (int begin = 0; begin < points.size(); begin++) {
            Point from = points.get(begin);
            while (end < points.size() && points.get(end).nanos() - from.nanos() < STRETCH_NANOS) {
                end++;
            }
            if (end == points.size()) {
                return OptionalDouble.empty();
            }
            Point to = points.get(end);
            double rate = (to.count() - from.count()) * NANOS_PER_SECOND / (to.nanos() - from.nanos());
            if (rate >= perSecond) {
                return OptionalDouble.of(from.nanos() / NANOS_PER_SECOND);
            }
        }
        return OptionalDouble.empty();
    }

    /** As a text without white space: {@code nanos:count}, separated by commas. */
    public String encode() {
        return points.stream().map(point -> point.nanos() + ":" + point.count()).collect(Collectors.joining(","));
    }

    /** The inverse of {@link #encode()}; {@link IllegalArgumentException} for anything else. */
    public static CountSeries decode(String text) {
        List<Point> points = new ArrayList<>();
        for (String point : text.isEmpty() ? new String[0] : text.split(",")) {
            int colon = point.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("not a point of a series: " + point);
            }
            points.add(
                    new Point(Long.parseLong(point.substring(0, colon)), Long.parseLong(point.substring(colon + 1))));
        }
        return new CountSeries(points);
    }
}
