package io.weir.test.network;

import java.util.Arrays;
import java.util.Locale;

/**
 * What happened on a simulated network, in order: a digest of everything, and the last {@link #KEPT} events as text. Two
 * runs with the same seed have equal traces; their {@link #text()} is equal byte for byte. Thread: the network's.
 */
public final class Trace {

    /** Events that are kept; of those before only the digest and the number remain. */
    public static final int KEPT = 4_096;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final String[] lines = new String[KEPT];
    private final long[] times = new long[KEPT];
    private long count;
    private long digest = 0xcbf29ce484222325L;

    Trace() {}

    /** Adds a line of the test's own, at this moment of the network. */
    void add(long atNanos, String line) {
        int slot = (int) (count % KEPT);
        lines[slot] = line;
        times[slot] = atNanos;
        count++;
        digest = mix(mix(digest, atNanos), line);
    }

    /** Events so far. */
    public long count() {
        return count;
    }

    /** Of all events so far, their times and contents included. */
    public long digest() {
        return digest;
    }

    /** The last {@code most} events, oldest first, one on each line, each with its virtual time in seconds. */
    public String last(int most) {
        StringBuilder text = new StringBuilder();
        for (long i = Math.max(0, count - Math.min(most, KEPT)); i < count; i++) {
            int slot = (int) (i % KEPT);
            text.append(String.format(
                            Locale.ROOT, "%4d.%09d ", times[slot] / NANOS_PER_SECOND, times[slot] % NANOS_PER_SECOND))
                    .append(lines[slot])
                    .append('\n');
        }
        return text.toString();
    }

    /** Number and digest of all events, and those that are kept. */
    public String text() {
        return String.format(Locale.ROOT, "%d events, digest %016x%n", count, digest) + last(KEPT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Trace that
                && count == that.count
                && digest == that.digest
                && Arrays.equals(times, that.times)
                && Arrays.equals(lines, that.lines);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(digest);
    }

    @Override
    public String toString() {
        return text();
    }

    private static long mix(long hash, String line) {
        long h = hash;
        for (int i = 0; i < line.length(); i++) {
            h = (h ^ line.charAt(i)) * 0x100000001b3L;
        }
        return h;
    }

    private static long mix(long hash, long value) {
        long h = (hash ^ value) * 0x9e3779b97f4a7c15L;
        return h ^ h >>> 32;
    }
}
