package io.weir.benchmarks.measure;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** How long each of some replies took, in ns, as a histogram that never changes. */
public final class Latencies {
    /** Of a process that does not request. */
    public static final Latencies NONE = new Latencies(new Histogram(1));

    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final double P999 = 99.9;

    private final Histogram histogram;

    private Latencies(Histogram histogram) {
        this.histogram = histogram;
    }

    /** A copy of what the histogram holds now. */
    public static Latencies of(Histogram histogram) {
        return histogram.getTotalCount() == 0 ? NONE : new Latencies(histogram.copy());
    }

    /** Those that were added after the earlier ones were taken. */
    public Latencies since(Latencies earlier) {
        Histogram difference = histogram.copy();
        difference.subtract(earlier.histogram);
        return of(difference);
    }

    /** The percentiles, or nothing if there is no reply. */
    public Optional<Percentiles> percentiles() {
        if (histogram.getTotalCount() == 0) {
            return Optional.empty();
        }
        return Optional.of(new Percentiles(
                histogram.getValueAtPercentile(P50),
                histogram.getValueAtPercentile(P99),
                histogram.getValueAtPercentile(P999),
                histogram.getMaxValue()));
    }

    /** As a text without white space, empty if there is no reply. */
    public String encode() {
        if (histogram.getTotalCount() == 0) {
            return "";
        }
        ByteBuffer encoded = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(encoded);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(encoded.array(), length));
    }

    /** The inverse of {@link #encode()}. */
    public static Latencies decode(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        try {
            ByteBuffer encoded = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            return new Latencies(Histogram.decodeFromCompressedByteBuffer(encoded, 0));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not latencies: " + text, e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Latencies latencies && histogram.equals(latencies.histogram);
    }

    @Override
    public int hashCode() {
        return histogram.hashCode();
    }

    @Override
    public String toString() {
        return histogram.getTotalCount() + " latencies";
    }
}
