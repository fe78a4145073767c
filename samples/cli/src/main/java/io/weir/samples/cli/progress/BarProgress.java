package io.weir.samples.cli.progress;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on a terminal; a thread of its own redraws it five times a second. */
final class BarProgress implements Progress {

    private static final int REDRAW_MILLIS = 200;
    private static final int MEGABYTE = 1_000_000;

    private static final long PATIENCE_MILLIS = 1_000;

    private final ProgressBar bar;
    private final CountDownLatch drawn = new CountDownLatch(1);

    BarProgress(PrintStream out, int columns, String name, long size) {
        bar = new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(size)
                .setUnit(" MB", MEGABYTE)
                .showSpeed(new DecimalFormat("#,##0.0"))
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out, columns) {
                    @Override
                    public void close() {
                        super.close();
                        drawn.countDown();
                    }
                })
                .build();
    }

    @Override
    public void advance(long bytes) {
        bar.stepBy(bytes);
    }

    /** The bar knows no other rate than all of it by the time since it is there: so it begins behind that. */
    @Override
    public void skip(long bytes) {
        bar.maxHint(bar.getMax() - bytes);
    }

    @Override
    public void close() {
        bar.close();
        try {
            // The last drawing is that other thread's too; what is printed next must not get in between.
            drawn.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
