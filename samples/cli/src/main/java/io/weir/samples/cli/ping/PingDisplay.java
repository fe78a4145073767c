package io.weir.samples.cli.ping;

import io.weir.samples.cli.progress.ProgressStyle;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows round trips while they are made: on a terminal one line that is written anew, at most ten times a second;
 * elsewhere lines, at most one a second; or nothing. Told by one thread at a time.
 */
public final class PingDisplay implements AutoCloseable {

    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String TO_LINE_START = "\r";
    private static final String CLEAR_TO_LINE_END = "\033[K";

    private final PrintStream out;
    private final ProgressStyle style;
    private final int columns;
    private final int total;
    private final LongSupplier nanoTime;
    private long nextNanos;
    private boolean drawn;

    /** Shows so many round trips in that style on a terminal of that width, or wherever {@code out} leads. */
    public PingDisplay(PrintStream out, ProgressStyle style, int columns, int total) {
        this(out, style, columns, total, System::nanoTime);
    }

    PingDisplay(PrintStream out, ProgressStyle style, int columns, int total, LongSupplier nanoTime) {
        this.out = out;
        this.style = style;
        this.columns = columns;
        this.total = total;
        this.nanoTime = nanoTime;
        this.nextNanos = nanoTime.getAsLong();
    }

    /** There is one more. The last one is always shown. */
    public void show(RoundTrips roundTrips) {
        long now = nanoTime.getAsLong();
        if (style == ProgressStyle.NONE) {
            return;
        }
        roundTrips
                .spread()
                .filter(spread -> now - nextNanos >= 0 || spread.count() == total)
                .ifPresent(spread -> {
                    nextNanos = now + (style == ProgressStyle.BAR ? REDRAW_NANOS : LINE_NANOS);
                    draw(spread.count() + " of " + total + ": " + spread.last() + "; " + spread);
                });
    }

    /** Leaves the line. */
    @Override
    public void close() {
        if (drawn) {
            out.println();
            drawn = false;
        }
    }

    private void draw(String line) {
        if (style != ProgressStyle.BAR) {
            out.println(line);
            return;
        }
        // The last column stays free: some terminals go to the next line as soon as it is written.
        out.print(TO_LINE_START
                + line.substring(0, Math.min(line.length(), Math.max(0, columns - 1)))
                + CLEAR_TO_LINE_END);
        out.flush();
        drawn = true;
    }
}
