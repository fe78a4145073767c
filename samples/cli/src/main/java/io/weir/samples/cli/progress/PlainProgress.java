package io.weir.samples.cli.progress;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A line each second for logs and pipes: how much, how fast, and if the size is known how long still. A transfer under a
 * second prints none.
 */
final class PlainProgress implements Progress {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrintStream out;
    private final String name;
    private final long size;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private long nextNanos;
    private long done;
    private long skipped;

    PlainProgress(PrintStream out, String name, long size, LongSupplier nanoTime) {
        this.out = out;
        this.name = name;
        this.size = size;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.nextNanos = startNanos + INTERVAL_NANOS;
    }

    @Override
    public void advance(long bytes) {
        done += bytes;
        long now = nanoTime.getAsLong();
        if (now - nextNanos >= 0) {
            nextNanos = now + INTERVAL_NANOS;
            out.println(line(now - startNanos));
        }
    }

    @Override
    public void skip(long bytes) {
        skipped += bytes;
    }

    @Override
    public void close() {}

    private String line(long elapsedNanos) {
        double seconds = elapsedNanos / 1e9;
        if (size < 0) {
            return String.format(Locale.ROOT, "%s: %.1f MB, %.1f MB/s", name, done / 1e6, done / 1e6 / seconds);
        }
        long there = done + skipped;
        long leftSeconds = Math.round((size - there) * seconds / Math.max(1, done));
        return String.format(
                Locale.ROOT,
                "%s: %d%%, %.1f of %.1f MB, %.1f MB/s, %d:%02d left",
                name,
                there * 100 / size,
                there / 1e6,
                size / 1e6,
                done / 1e6 / seconds,
                leftSeconds / 60,
                leftSeconds % 60);
    }
}
